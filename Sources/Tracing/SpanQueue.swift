internal import EventLoop
internal import Synchronization

/// Spans that wait to be sent.
///
/// Each loop has a lane of its own, whose lock nobody else takes but a collection, now and then.
final class SpanQueue: Sendable {
    private final class Lane: Sendable {
        let spans = Mutex<[TraceSpan]>([])
    }

    private final class Lanes: Sendable {
        let all = Mutex<[Lane]>([])
    }

    private let capacity: Int
    private let lanes: Lanes
    private let lane: PerLoop<Lane>
    /// Spans that wait or are being sent.
    private let count = Atomic<Int>(0)

    /// - Parameter capacity: the most spans that wait or are being sent.
    init(capacity: Int) {
        self.capacity = capacity
        let lanes = Lanes()
        self.lanes = lanes
        lane = PerLoop { _ in
            let lane = Lane()
            lanes.all.withLock { $0.append(lane) }
            return lane
        }
    }

    /// Takes a span, unless there are as many as may be.
    ///
    /// - Returns: how many there are now; `nil` when the span was not taken.
    func append(_ span: TraceSpan) -> Int? {
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        guard count <= capacity else {
            release(1)
            return nil
        }
        lane.value.spans.withLock { $0.append(span) }
        return count
    }

    /// Those that wait; they count until they are released.
    func take() -> [TraceSpan] {
        lanes.all.withLock { $0 }.flatMap { lane in
            lane.spans.withLock { spans in
                let taken = spans
                spans = []
                return taken
            }
        }
    }

    /// Makes room for so many that were taken.
    func release(_ count: Int) {
        self.count.wrappingSubtract(count, ordering: .relaxed)
    }
}
