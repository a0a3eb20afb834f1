package import Cryptography
package import EventLoop

/// Which Redis a connection is to, and how long and how much it waits for.
package struct RedisConfiguration: Sendable {
    /// Where it listens; `localhost:6379`.
    package var address = SocketAddress.internet(host: "localhost", port: 6379)
    /// The user of its access list; `nil` for the default one.
    package var username: String?
    package var password: Secret?
    /// The number of the database; 0.
    package var database = 0

    /// How long a command may take from being asked for to its reply: 100 ms.
    package var timeout = Duration.milliseconds(100)
    /// How long finding the name, connecting and the greeting may take together: 1 s.
    package var connectTimeout = Duration.seconds(1)
    /// The most commands without a reply on one connection: 1024.
    ///
    /// What comes beyond fails at once.
    package var maximumCommandsInFlight = 1024
    /// The most bytes of commands that wait to be sent on one connection: 16 MiB.
    package var maximumUnsentBytes = 16 << 20
    /// The longest reply: 2 MiB.
    ///
    /// A longer one ends the connection.
    package var maximumReplyBytes = 2 << 20
    /// How many commands in a row may be late before the connection counts as dead: 3.
    package var maximumLateCommands = 3
    /// How long to wait before connecting again: 50 ms after the first failure, twice as long after each further one up
    /// to 5 s; each time, so that replicas don't come back all at once, a random part of up to half of it less.
    package var backOff = Duration.milliseconds(50) ... .seconds(5)

    /// A configuration with every default.
    package init() {}
}
