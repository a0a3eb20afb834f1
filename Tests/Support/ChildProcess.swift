package import Glibc
import Synchronization

/// A program of the build folder that a test starts, reads and stops by its process id.
///
/// For one thread at a time. Every wait has a deadline, so that a hang fails a test and does not stop the run.
package final class ChildProcess {
    /// How a program ended.
    package struct Outcome {
        /// The exit status; 128 + the signal when a signal ended it.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// What a test could not get from a program.
    package enum Failure: Error {
        case notStarted(String, errno: Int32)
        case late(waitingFor: String, output: String, errors: String)
        case ended(waitingFor: String, output: String, errors: String)
    }

    /// How long any wait lasts at most, in seconds.
    ///
    /// Only a failing test waits this long.
    package static let patience = 120
    /// The timeout, in seconds, of what is not to be late however long a test has no thread.
    ///
    /// All tests share a few, and one that awaits something may get its next turn minutes later.
    package static let longestStarvation = 3_600

    package let identifier: pid_t
    private let output: OutputPipe
    private let errors: OutputPipe
    private var status: Int32?

    /// Starts `program`, of the build folder unless it is a path, in `folder`, by default the repository, with `input` as its standard input.
    package init(
        program: String = "martlet", _ arguments: [String], environment: [String: String] = [:],
        input: String = "", in folder: String = Repository.root
    ) throws {
        let path = program.hasPrefix("/") ? program : Self.buildFolder + "/" + program
        // `env` changes the folder and then becomes the program, with the same process id.
        let words: [String] = ["/usr/bin/env", "-C", folder, path] + arguments
        let inherited = ["PATH", "HOME", "LD_LIBRARY_PATH"].compactMap { (name: String) in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        let (identifier, ends) = try Self.spawn(words, inherited + environment.map { "\($0)=\($1)" })
        self.identifier = identifier
        output = OutputPipe(ends.output)
        errors = OutputPipe(ends.errors)
        // The inputs of tests fit into a pipe's buffer, so this does not wait for the program.
        let bytes = Array(input.utf8)
        _ = write(ends.input, bytes, bytes.count)
        close(ends.input)
    }

    /// Our ends of a program's three streams.
    private struct Ends {
        let input: Int32
        let output: Int32
        let errors: Int32
    }

    /// Descriptors from here on are not looked at: tests have far fewer.
    private static let inheritable: Int32 = 4096

    /// One at a time: a pipe that another child inherits would never end.
    private static let spawning = Mutex(())

    private static func spawn(_ words: [String], _ variables: [String]) throws -> (pid_t, Ends) {
        try spawning.withLock { _ in
            let (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, input.reader, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
            // Sockets of other tests would stay open as long as the program runs, whoever closes them here.
            for descriptor in (STDERR_FILENO + 1)..<inheritable {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
            var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
            defer { for text in arguments + environment { free(text) } }
            var identifier = pid_t()
            let error = posix_spawn(&identifier, words[0], &actions, nil, &arguments, &environment)
            for end in [input.reader, output.writer, errors.writer] { close(end) }
            guard error == 0 else { throw Failure.notStarted(words[0], errno: error) }
            return (identifier, Ends(input: input.writer, output: output.reader, errors: errors.reader))
        }
    }

    deinit {
        if status == nil {
            kill(identifier, SIGKILL)
            waitpid(identifier, nil, 0)
        }
    }

    /// The first line of standard output, from here on, that contains `text`.
    package func waitForLine(containing text: String) throws -> String {
        let deadline = Self.deadline
        while true {
            while let line = output.nextLine() {
                if line.contains(text) { return line }
            }
            guard output.isOpen else { throw Failure.ended(waitingFor: text, output: output.text, errors: errors.text) }
            guard Self.now < deadline else {
                throw Failure.late(waitingFor: text, output: output.text, errors: errors.text)
            }
            OutputPipe.pump(output, errors)
        }
    }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        kill(identifier, signal)
    }

    /// Waits until the program ends, `patience` seconds at most, and returns all that it printed.
    package func wait(patience: Int = ChildProcess.patience) throws -> Outcome {
        let deadline = Self.now + patience
        while output.isOpen || errors.isOpen {
            guard Self.now < deadline else {
                throw Failure.late(waitingFor: "the end", output: output.text, errors: errors.text)
            }
            OutputPipe.pump(output, errors)
        }
        var raw: Int32 = 0
        if status == nil {
            waitpid(identifier, &raw, 0)
            status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + raw & 0x7f
        }
        return Outcome(status: status ?? 0, output: output.text, errors: errors.text)
    }

    /// Runs a program to its end.
    package static func run(
        program: String = "martlet", _ arguments: [String], environment: [String: String] = [:],
        input: String = "", in folder: String = Repository.root, patience: Int = ChildProcess.patience
    ) throws -> Outcome {
        try ChildProcess(program: program, arguments, environment: environment, input: input, in: folder)
            .wait(patience: patience)
    }

    /// The folder that the tests were built into, and `martlet` with them.
    package static let buildFolder: String = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        let components = String(decoding: path[..<max(count, 0)].map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: "/")
        return "/" + components.dropLast().joined(separator: "/")
    }()

    private static var now: Int { time(nil) }
    private static var deadline: Int { now + patience }
}

/// Both ends of a pipe that no other child inherits.
private struct Pipe {
    let reader: Int32
    let writer: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ChildProcess.Failure.notStarted("pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }
}

/// What a program has printed so far on one of its streams.
private final class OutputPipe {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var linesTaken = 0
    private(set) var isOpen = true

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func nextLine() -> String? {
        guard let end = bytes[linesTaken...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { linesTaken = end + 1 }
        return String(decoding: bytes[linesTaken..<end], as: UTF8.self)
    }

    /// Waits up to a second for either stream and reads what is there.
    static func pump(_ a: OutputPipe, _ b: OutputPipe) {
        var watched = [a, b].filter(\.isOpen).map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&watched, nfds_t(watched.count), 1000) > 0 else { return }
        for entry in watched where entry.revents != 0 {
            if entry.fd == a.descriptor { a.read() } else { b.read() }
        }
    }

    private func read() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        if count > 0 {
            bytes += chunk[..<count]
        } else {
            isOpen = false
            close(descriptor)
        }
    }
}
