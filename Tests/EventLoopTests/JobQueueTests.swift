import Testing

@testable import EventLoop

@Suite struct JobQueueTests {
    @Test("a ring keeps the order while it wraps and grows")
    func ring() {
        let log = Log()
        var ring = JobRing()
        var next = 0
        for round in 1...40 {
            for _ in 0..<round * 3 {
                ring.append(.call { [next] in log.append(next) })
                next += 1
            }
            for _ in 0..<round * 2 {
                if case .call(let call) = ring.popFirst() { call() }
            }
        }
        while case .call(let call) = ring.popFirst() { call() }
        #expect(log.values == Array(0..<next))
        #expect(ring.count == 0)
    }

    @Test("only who fills an empty inbox has to wake the loop")
    func inbox() {
        let inbox = JobInbox()
        var outcome = inbox.append(.call {})
        #expect(outcome == .filled)
        outcome = inbox.append(.call {})
        #expect(outcome == .queued)
        var isClosed = inbox.closeIfEmpty()
        #expect(!isClosed)
        let arrived = inbox.exchange(for: [])
        #expect(arrived.count == 2)
        outcome = inbox.append(.call {})
        #expect(outcome == .filled)
        _ = inbox.exchange(for: [])
        isClosed = inbox.closeIfEmpty()
        #expect(isClosed)
        outcome = inbox.append(.call {})
        #expect(outcome == .closed)
    }
}
