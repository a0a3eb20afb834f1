import Synchronization

/// What was asked for while a reload was under way, or before the first: all of it is one reload afterwards.
final class ReloadRequests: Sendable {
    private let causes = Mutex<ReloadCauses>([])
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() {
        // One ring is enough for all that is asked for until somebody looks.
        (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks for a reload; from any thread.
    func ask(for causes: ReloadCauses) {
        self.causes.withLock { $0.formUnion(causes) }
        bell.yield()
    }

    /// Takes no more requests; the loop of ``serve(_:)`` ends after what it is at.
    func end() { bell.finish() }

    /// Hands on, one after another, what is asked for, until ``end()``; once.
    func serve(_ reload: (ReloadCauses) async -> Void) async {
        for await _ in bells {
            let causes = causes.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            if !causes.isEmpty { await reload(causes) }
        }
    }
}
