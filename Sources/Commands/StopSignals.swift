import Dispatch
import Glibc
import Synchronization

/// Where the signal handler writes the number of each signal that comes; set before the handler is installed.
nonisolated(unsafe) private var signalPipeWriter: Int32 = -1

/// SIGTERM and SIGINT as an event instead of an end of the process.
///
/// The first one is what ``next()`` returns; a second one ends the process at once, as an impatient person means it.
///
/// The handler writes into a pipe, so that a signal counts from the moment that `init` returns. A Dispatch signal
/// source is installed some time after it was resumed, and what comes before is lost.
final class StopSignals: Sendable {
    /// A signal that asks the process to stop.
    enum Signal: String, Sendable, CustomStringConvertible {
        case terminate = "SIGTERM"
        case interrupt = "SIGINT"

        var description: String { rawValue }
    }

    private enum State: Sendable {
        case none
        case waiting(CheckedContinuation<Signal, Never>)
        case arrived(Signal)
    }

    private let state = Mutex(State.none)
    /// Kept because a source that is let go stops delivering; written once, by `init`, and not touched again.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// - Precondition: called once in a process.
    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no descriptor is left for a pipe: errno \(errno)")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        signalPipeWriter = ends[1]
        let reader = ends[0]
        source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: .global())
        source.setEventHandler { [unowned self] in
            var number: UInt8 = 0
            if read(reader, &number, 1) == 1 { receive(Int32(number)) }
        }
        source.resume()
        for number in [SIGTERM, SIGINT] {
            var action = sigaction()
            // Only what signal-safety(7) allows: one write, and errno as it was.
            action.__sigaction_handler.sa_handler = { number in
                let code = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(signalPipeWriter, &byte, 1)
                errno = code
            }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    /// The first signal, as soon as it comes; called once.
    func next() async -> Signal {
        await withCheckedContinuation { continuation in
            let signal: Signal? = state.withLock { state in
                if case .arrived(let signal) = state { return signal }
                state = .waiting(continuation)
                return nil
            }
            if let signal { continuation.resume(returning: signal) }
        }
    }

    private func receive(_ number: Int32) {
        let signal = number == SIGINT ? Signal.interrupt : .terminate
        state.withLock { state in
            switch state {
            case .none: break
            case .waiting(let continuation): continuation.resume(returning: signal)
            // 128 + the signal is what a shell reports of a process that the signal ended.
            case .arrived: _exit(128 + number)
            }
            state = .arrived(signal)
        }
    }
}
