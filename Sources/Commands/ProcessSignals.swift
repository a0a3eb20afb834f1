import Dispatch
import Glibc
import Synchronization

/// Where the signal handler writes the number of each signal that comes; set before the handler is installed.
nonisolated(unsafe) private var signalPipeWriter: Int32 = -1

/// SIGTERM, SIGINT and, where it is asked for, SIGHUP as events instead of an end of the process.
///
/// The first of SIGTERM and SIGINT is what ``next()`` returns; a second one ends the process at once, as an impatient
/// person means it. SIGHUP is what ``hangUps`` has, unless it says what its name does: that the terminal is gone which the
/// process was started from, without `nohup`; then it is the same as SIGINT.
///
/// The handler writes into a pipe, so that a signal counts from the moment that `init` returns. A Dispatch signal
/// source is installed some time after it was resumed, and what comes before is lost.
final class ProcessSignals: Sendable {
    /// A signal that asks the process to stop.
    enum Stop: String, Sendable, CustomStringConvertible {
        case terminate = "SIGTERM"
        case interrupt = "SIGINT"
        case hangUp = "SIGHUP"

        var description: String { rawValue }
    }

    private enum State: Sendable {
        case none
        case waiting(CheckedContinuation<Stop, Never>)
        case arrived(Stop)
    }

    /// One element for every SIGHUP, or for several that nobody has looked at yet; for one reader.
    let hangUps: AsyncStream<Void>
    private let hangUp: AsyncStream<Void>.Continuation
    private let state = Mutex(State.none)
    /// Whether a SIGHUP may mean that the terminal is gone.
    private let endsWithTerminal: Bool
    /// Kept because a source that is let go stops delivering; written once, by `init`, and not touched again.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    /// - Parameter takesHangUps: whether SIGHUP is one of them.
    /// - Precondition: called once in a process.
    init(takesHangUps: Bool = false) {
        (hangUps, hangUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no descriptor is left for a pipe: errno \(errno)")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        signalPipeWriter = ends[1]
        let reader = ends[0]
        source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: .global())
        // `nohup` starts a program with this signal ignored.
        var before = sigaction()
        sigaction(SIGHUP, nil, &before)
        let isIgnored = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1
        endsWithTerminal = !isIgnored && Self.hasTerminal
        source.setEventHandler { [unowned self] in
            var number: UInt8 = 0
            if read(reader, &number, 1) == 1 { receive(Int32(number)) }
        }
        source.resume()
        for number in [SIGTERM, SIGINT] + (takesHangUps ? [SIGHUP] : []) {
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

    /// The first signal that asks to stop, as soon as it comes; called once.
    func next() async -> Stop {
        await withCheckedContinuation { continuation in
            let signal: Stop? = state.withLock { state in
                if case .arrived(let signal) = state { return signal }
                state = .waiting(continuation)
                return nil
            }
            if let signal { continuation.resume(returning: signal) }
        }
    }

    private func receive(_ number: Int32) {
        switch number {
        case SIGTERM: stop(.terminate, number)
        case SIGINT: stop(.interrupt, number)
        default:
            if endsWithTerminal, !Self.hasTerminal { stop(.hangUp, number) } else { hangUp.yield() }
        }
    }

    private func stop(_ signal: Stop, _ number: Int32) {
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

    /// Whether a terminal controls the process: it is gone once whoever held its other end is.
    private static var hasTerminal: Bool {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }
}
