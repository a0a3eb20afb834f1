import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, as words on a queue instead of an end of the process.
///
/// The first signal is what ``wait()`` returns; a second one ends the process at once, as an impatient person means it.
final class StopSignals: Sendable {
    private let arrived = DispatchSemaphore(value: 0)
    private let first = Mutex<Int32?>(nil)
    /// Kept because a source that is let go stops delivering.
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    init() {
        for number in [SIGTERM, SIGINT] {
            // Without this the signal's default action would end the process before the source sees it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [unowned self] in receive(number) }
            source.resume()
            sources.withLock { $0.append(source) }
        }
    }

    /// Blocks until a signal comes, and returns its name.
    func wait() -> String {
        arrived.wait()
        return first.withLock { $0 } == SIGINT ? "SIGINT" : "SIGTERM"
    }

    private func receive(_ number: Int32) {
        let isFirst = first.withLock { first in
            defer { first = first ?? number }
            return first == nil
        }
        // 128 + the signal is what a shell reports of a process that the signal ended.
        guard isFirst else { _exit(128 + number) }
        arrived.signal()
    }
}
