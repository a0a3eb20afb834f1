import Glibc

/// The three standard streams, unbuffered and without Foundation.
enum Terminal {
    /// Prints a line to standard output.
    static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Prints a line to standard error.
    static func printError(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Writes all of `text`.
    ///
    /// A reader that has gone ends the output, not the program.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
