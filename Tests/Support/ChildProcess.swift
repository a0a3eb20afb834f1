import Glibc

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

    /// How long any wait lasts at most, in seconds. Only a failing test waits this long.
    package static let patience = 30

    package let identifier: pid_t
    private var output: OutputPipe
    private var errors: OutputPipe
    private var status: Int32?

    /// Starts `program` in `folder`, by default the repository, with `input` as its standard input.
    package init(
        _ program: String = "martlet", _ arguments: [String], environment: [String: String] = [:],
        input: String = "", in folder: String = Repository.root
    ) throws {
        let path = Self.buildFolder + "/" + program
        let (inputEnd, outputEnd, errorEnd) = (try Pipe(), try Pipe(), try Pipe())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addchdir_np(&actions, folder)
        posix_spawn_file_actions_adddup2(&actions, inputEnd.reader, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, outputEnd.writer, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errorEnd.writer, STDERR_FILENO)

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        let inherited = ["PATH", "HOME", "LD_LIBRARY_PATH"].compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        var variables = (inherited + environment.map { "\($0)=\($1)" }).map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var identifier = pid_t()
        let error = posix_spawn(&identifier, path, &actions, nil, &words, &variables)
        for end in [inputEnd.reader, outputEnd.writer, errorEnd.writer] { close(end) }
        self.identifier = identifier
        self.output = OutputPipe(outputEnd.reader)
        self.errors = OutputPipe(errorEnd.reader)
        // The inputs of tests fit into a pipe's buffer, so this does not wait for the program.
        _ = input.utf8.withContiguousStorageIfAvailable { write(inputEnd.writer, $0.baseAddress, $0.count) }
        close(inputEnd.writer)
        guard error == 0 else {
            status = 127
            throw Failure.notStarted(path, errno: error)
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
            guard Self.now < deadline else { throw Failure.late(waitingFor: text, output: output.text, errors: errors.text) }
            OutputPipe.pump(&output, &errors)
        }
    }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        kill(identifier, signal)
    }

    /// Waits until the program ends, and returns all that it printed.
    package func wait() throws -> Outcome {
        let deadline = Self.deadline
        while output.isOpen || errors.isOpen {
            guard Self.now < deadline else {
                throw Failure.late(waitingFor: "the end", output: output.text, errors: errors.text)
            }
            OutputPipe.pump(&output, &errors)
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
        _ program: String = "martlet", _ arguments: [String], environment: [String: String] = [:],
        input: String = "", in folder: String = Repository.root
    ) throws -> Outcome {
        try ChildProcess(program, arguments, environment: environment, input: input, in: folder).wait()
    }

    /// The folder that the tests were built into, and `martlet` with them.
    private static let buildFolder: String = {
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
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw ChildProcess.Failure.notStarted("pipe", errno: errno) }
        (reader, writer) = (ends[0], ends[1])
    }
}

/// What a program has printed so far on one of its streams.
private struct OutputPipe {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var linesTaken = 0
    private(set) var isOpen = true

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func nextLine() -> String? {
        guard let end = bytes[linesTaken...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { linesTaken = end + 1 }
        return String(decoding: bytes[linesTaken..<end], as: UTF8.self)
    }

    /// Waits up to a second for either stream and reads what is there.
    static func pump(_ a: inout OutputPipe, _ b: inout OutputPipe) {
        var watched = [a, b].filter(\.isOpen).map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&watched, nfds_t(watched.count), 1000) > 0 else { return }
        for entry in watched where entry.revents != 0 {
            if entry.fd == a.descriptor { a.read() } else { b.read() }
        }
    }

    private mutating func read() {
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
