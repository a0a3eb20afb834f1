import Synchronization
import Testing

@testable import ModelService

@Suite("Requests for a reload")
struct ReloadRequestsTests {
    @Test("that come before the first and while one is under way are one more, with all their reasons")
    func coalescing() async {
        let requests = ReloadRequests()
        for _ in 0..<100 { requests.ask(for: .signal) }
        requests.ask(for: .packages)
        var served: [ReloadCauses] = []
        await requests.serve { causes in
            served.append(causes)
            switch served.count {
            case 1:
                for _ in 0..<100 { requests.ask(for: .packages) }
                requests.ask(for: .files)
            case 2: requests.end()
            default: break
            }
        }
        #expect(served == [[.signal, .packages], [.files, .packages]])
    }

    @Test("say why, and only those that mean the configuration have it read")
    func causes() {
        #expect("\([.signal, .packages] as ReloadCauses)" == "SIGHUP, changed packages")
        #expect(ReloadCauses.signal.readsConfiguration && ReloadCauses.files.readsConfiguration)
        #expect(!ReloadCauses.packages.readsConfiguration)
    }
}
