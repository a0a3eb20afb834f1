import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as an event instead of an end of the process.
///
/// The first one is what ``next()`` returns; a second one ends the process at once, as an impatient person means it.
final class StopSignals: Sendable {
    private enum State: Sendable {
        case none
        case waiting(CheckedContinuation<String, Never>)
        case arrived(String)
    }

    private let state = Mutex(State.none)
    /// Kept because a source that is let go stops delivering.
    ///
    /// Written once, by `init`, and not touched again.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let numbers = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")]
        sources = numbers.map { DispatchSource.makeSignalSource(signal: $0.0, queue: .global()) }
        for ((number, name), source) in zip(numbers, sources) {
            // Without this the signal's default action would end the process before the source sees it.
            signal(number, SIG_IGN)
            source.setEventHandler { [unowned self] in receive(number, name) }
            source.resume()
        }
    }

    /// The name of the first signal, as soon as it comes.
    ///
    /// Called once.
    func next() async -> String {
        await withCheckedContinuation { continuation in
            let name: String? = state.withLock { state in
                if case .arrived(let name) = state { return name }
                state = .waiting(continuation)
                return nil
            }
            if let name { continuation.resume(returning: name) }
        }
    }

    private func receive(_ number: Int32, _ name: String) {
        state.withLock { state in
            switch state {
            case .none: break
            case .waiting(let continuation): continuation.resume(returning: name)
            // 128 + the signal is what a shell reports of a process that the signal ended.
            case .arrived: _exit(128 + number)
            }
            state = .arrived(name)
        }
    }
}
