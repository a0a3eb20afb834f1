import Dispatch
import Glibc

/// The whole of a terminal, borrowed: what was there before comes back when it is given back.
final class TerminalScreen {
    /// What a person does with it.
    enum Event: Sendable {
        case key(UInt8)
        case resized
        /// Nobody types any more: the terminal is gone.
        case closed
    }

    // ECMA-48, and xterm's private modes: the alternate screen, the cursor, and whether long lines wrap.
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    private static let leave = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    private static let home = "\u{1B}[H"
    private static let eraseLine = "\u{1B}[K"
    private static let eraseBelow = "\u{1B}[J"

    /// Erases the lines after so many; nothing where the terminal has no more.
    private static func below(_ count: Int) -> String {
        count < size.height ? "\r\n" + eraseBelow : ""
    }

    private var settings = termios()
    // Kept because a source that is let go tells nothing.
    private let sources: [any DispatchSourceProtocol]

    /// Takes the terminal of the standard streams: keys come one by one and are not shown, Ctrl-C is one of them.
    ///
    /// - Parameter report: told what happens, on threads of Dispatch.
    init(_ report: @escaping @Sendable (Event) -> Void) {
        let keys = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
        keys.setEventHandler {
            var key: UInt8 = 0
            if read(STDIN_FILENO, &key, 1) == 1 {
                report(.key(key))
            } else {
                report(.closed)
                keys.cancel()
            }
        }
        let sizes = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: .global())
        sizes.setEventHandler { report(.resized) }
        sources = [keys, sizes]
        tcgetattr(STDIN_FILENO, &settings)
        var raw = settings
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        Terminal.write(Self.enter, to: STDOUT_FILENO)
        for source in sources { source.resume() }
    }

    /// Gives the terminal back as it was.
    func close() {
        for source in sources { source.cancel() }
        Terminal.write(Self.leave, to: STDOUT_FILENO)
        // What was typed and not read would be the shell's.
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }

    /// Shows lines that fit, from the top, in one write: nothing flickers.
    func show(_ lines: [String]) {
        // Erased before: behind a line that ends in the last column, the cursor stands on its last character.
        let text = lines.map { Self.eraseLine + $0 }.joined(separator: "\r\n")
        Terminal.write(Self.home + text + Self.below(lines.count), to: STDOUT_FILENO)
    }

    /// Columns and rows of the terminal of standard output, or what most have.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
