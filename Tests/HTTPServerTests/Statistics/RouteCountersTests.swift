import Testing

@testable import HTTPServer

@Suite("The counters of a route")
struct RouteCountersTests {
    private func counted(_ statuses: [UInt16]) -> RequestStatistics.Route {
        let counters = RouteCounters(.get, "/")
        for status in statuses { counters.count(status, requestBytes: 1, responseBytes: 2, nanoseconds: 3) }
        var route = RequestStatistics.Route(method: .get, template: "/")
        counters.add(to: &route)
        return route
    }

    @Test("count each status with a cell there, and any other at the first of its hundred")
    func statuses() {
        for status in UInt16(200)...599 {
            let cell = RouteCounters.statusCodes.contains(status) ? status : status / 100 * 100
            let route = counted([status])
            #expect(route.count == 1)
            #expect(route.statuses[RouteCounters.statusCodes.firstIndex(of: cell)!] == 1)
        }
    }

    @Test("are in order, so that statuses of a hundred stand together")
    func order() {
        #expect(RouteCounters.statusCodes == RouteCounters.statusCodes.sorted())
    }

    @Test("add up")
    func sums() {
        let route = counted([200, 200, 404])
        #expect(route.count == 3)
        #expect(route.requestBytes == 3 && route.responseBytes == 6 && route.nanoseconds == 9)
        #expect(route.buckets.first == 3)
    }
}
