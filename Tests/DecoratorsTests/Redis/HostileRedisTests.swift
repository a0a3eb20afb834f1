import TestSupport
import Testing

@testable import Decorators

@Suite("A connection to what is no Redis")
struct HostileRedisTests {
    @Test(
        "is ended, and asks nothing of the process",
        arguments: [
            "*2147483647\r\n", "*-5\r\n", "$99999999999999999999\r\n", "$-2\r\n",
            "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n$1\r\na\r\n",
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            ":12a\r\n", ":999999999999999999999999\r\n", "\r\n\r\n", "\0\0\0\0",
            "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nb\r\n",
            // More replies than there are commands.
            "+OK\r\n+OK\r\n", "$1\r\na\r\n$-1\r\n:1\r\n", "$1\r\na\r\n-ERR too much\r\n",
        ])
    func garbage(reply: String) async throws {
        let server = try ScriptedServer { connection in
            guard connection.bytes() != nil else { return }
            connection.send("+PONG\r\n")
            guard connection.bytes() != nil else { return }
            connection.send(reply)
            connection.waitForClose()
        }
        try await withConnection(RedisConfiguration(port: server.port)) { connection, events in
            let answer = await connection.send(RedisCommand("GET", "a"))
            #expect([.failure(.lost), .success(.status), .success(.bytes([0x61]))].contains(answer), "\(answer)")
            try await eventually { events.all.contains { $0.reason != nil } }
        }
    }

    @Test("of endless length is ended")
    func endless() async throws {
        let server = try ScriptedServer { connection in
            guard connection.bytes() != nil else { return }
            connection.send("+PONG\r\n")
            guard connection.bytes() != nil else { return }
            connection.send("+")
            // More than two sockets' buffers hold; sending fails once the connection has been closed.
            for _ in 0..<200 { connection.send(String(repeating: "a", count: 100_000)) }
            connection.waitForClose()
        }
        try await withConnection(RedisConfiguration(port: server.port)) { connection, _ in
            #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.lost))
        }
    }

    @Test("that speaks before it is asked is ended")
    func unasked() async throws {
        let server = try ScriptedServer { connection in
            connection.send("+OK\r\n:1\r\n+PONG\r\n$1\r\na\r\n")
            connection.waitForClose()
        }
        try await withConnection(RedisConfiguration(port: server.port)) { connection, events in
            _ = await connection.send(RedisCommand("GET", "a"))
            try await eventually { events.all.contains { $0.reason != nil } }
        }
    }

    @Test("shows its words as one short line")
    func words() async throws {
        let server = try ScriptedServer { connection in
            guard connection.bytes() != nil else { return }
            connection.send("-ERR \u{1B}[31m\t" + String(repeating: "é", count: 1000) + "\r\n")
            connection.waitForClose()
        }
        try await withConnection(RedisConfiguration(port: server.port)) { connection, events in
            #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.notConnected))
            let reason = try #require(events.all.first?.reason)
            #expect(reason.hasPrefix("ERR ?[31m?") && reason.utf8.count == 200)
        }
    }

    @Test("that never answers is given up in time")
    func silent() async throws {
        let server = try ScriptedServer { $0.waitForClose() }
        var configuration = RedisConfiguration(port: server.port)
        configuration.connectTimeout = .milliseconds(50)
        try await withConnection(configuration) { connection, events in
            #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.notConnected))
            #expect(events.all.first?.reason == "no connection within 0.05 seconds")
        }
    }
}
