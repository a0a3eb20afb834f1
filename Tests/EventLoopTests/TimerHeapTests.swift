import Testing

@testable import EventLoop

@Suite struct TimerHeapTests {
    @Test(
        "timers come out in the order of their deadlines, whatever the order they went in and whichever are cancelled")
    func order() {
        var random = SystemRandomNumberGenerator()
        var fired: [UInt64] = []
        let record = { (deadline: UInt64) in { fired.append(deadline) } }
        var heap = TimerHeap()
        var expected: [UInt64] = []
        var tokens: [(UInt64, TimerToken)] = []
        for _ in 0..<500 {
            let deadline = UInt64.random(in: 1...1000, using: &random)
            tokens.append((deadline, heap.insert(at: Moment(nanoseconds: deadline), record(deadline))))
        }
        for (index, (deadline, token)) in tokens.shuffled().enumerated() {
            if index % 3 == 0 { heap.remove(token) } else { expected.append(deadline) }
        }
        while let action = heap.popDue(at: Moment(nanoseconds: 1000)) { action() }
        #expect(fired == expected.sorted())
        #expect(heap.next == .never)
    }

    @Test("a timer that is not due stays")
    func due() {
        var heap = TimerHeap()
        _ = heap.insert(at: Moment(nanoseconds: 10)) {}
        #expect(heap.popDue(at: Moment(nanoseconds: 9)) == nil)
        #expect(heap.next == Moment(nanoseconds: 10))
        #expect(heap.popDue(at: Moment(nanoseconds: 10)) != nil)
    }

    @Test("cancelling a timer that fired does not touch the one that took its place")
    func staleToken() {
        var heap = TimerHeap()
        let stale = heap.insert(at: Moment(nanoseconds: 1)) {}
        _ = heap.popDue(at: Moment(nanoseconds: 1))
        _ = heap.insert(at: Moment(nanoseconds: 2)) {}
        heap.remove(stale)
        #expect(heap.next == Moment(nanoseconds: 2))
    }
}
