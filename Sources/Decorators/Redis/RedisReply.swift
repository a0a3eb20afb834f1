/// What Redis answers to a command.
package enum RedisReply: Sendable, Hashable {
    /// `OK` and its like.
    case status
    case integer(Int)
    /// There is nothing under the key.
    case none
    case bytes([UInt8])
    /// Redis refuses the command; its words, printable and cut short.
    case refused(String)
}

/// Why a command has no reply.
package enum RedisFailure: String, Error, Hashable, CustomStringConvertible {
    /// There is no connection at the moment.
    case notConnected
    /// The connection was lost before the reply came.
    case lost
    /// The reply did not come in time.
    case late
    /// The reply did not come by the time that nobody waited for it any more.
    case deadlinePassed
    /// As many commands as the configuration allows are under way.
    case overloaded

    package var description: String {
        switch self {
        case .notConnected: "there is no connection"
        case .lost: "the connection was lost"
        case .late: "no answer in time"
        case .deadlinePassed: "the deadline has passed"
        case .overloaded: "too many commands are under way"
        }
    }
}

/// A command as it is sent: an array of bulk strings (the RESP protocol, redis.io/docs/reference/protocol-spec).
package struct RedisCommand: Sendable {
    /// With a byte after the end that is not sent: hiredis looks at it.
    private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: the bytes of all arguments, roughly.
    init(argumentCount: Int, capacity: Int = 0) {
        bytes.reserveCapacity(capacity + 16 * (argumentCount + 1))
        bytes.append(UInt8(ascii: "*"))
        appendLine(argumentCount)
        bytes.append(0)
    }

    mutating func append(_ argument: some Collection<UInt8>) {
        bytes.removeLast()
        bytes.append(UInt8(ascii: "$"))
        appendLine(argument.count)
        bytes.append(contentsOf: argument)
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(0)
    }

    mutating func append(_ argument: String) { append(argument.utf8) }

    private mutating func appendLine(_ number: Int) {
        bytes.append(contentsOf: String(number).utf8)
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}

extension RedisCommand {
    /// A command of `arguments`, its name first.
    package init(_ arguments: String...) {
        self.init(argumentCount: arguments.count)
        for argument in arguments { append(argument) }
    }

    static func get(_ key: [UInt8]) -> RedisCommand {
        var command = RedisCommand(argumentCount: 2, capacity: key.count)
        command.append("GET")
        command.append(key)
        return command
    }

    /// - Parameter lifetime: how long the value stays; `nil` for as long as Redis has room for it.
    static func set(_ key: [UInt8], _ value: [UInt8], lifetime: Duration?) -> RedisCommand {
        var command = RedisCommand(argumentCount: lifetime == nil ? 3 : 5, capacity: key.count + value.count)
        command.append("SET")
        command.append(key)
        command.append(value)
        if let lifetime {
            command.append("PX")
            command.append(String(max(Int(lifetime / .milliseconds(1)), 1)))
        }
        return command
    }
}
