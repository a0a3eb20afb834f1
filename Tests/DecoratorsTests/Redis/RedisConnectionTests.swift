import Cryptography
import EventLoop
import Glibc
import TestSupport
import Testing

@testable import Decorators

@Suite("A connection to Redis", .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"))
struct RedisConnectionTests {
    private func bytes(_ text: String) -> Result<RedisReply, RedisFailure> { .success(.bytes(Array(text.utf8))) }

    @Test("carries many commands at once, each with its own reply")
    func pipelining() async throws {
        let server = try RedisServer()
        try await withConnection(RedisConfiguration(server)) { connection, events in
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let set = await connection.send(RedisCommand("SET", "key\(number)", "value\(number)"))
                        let got = await connection.send(RedisCommand("GET", "key\(number)"))
                        return set == .success(.status) && got == bytes("value\(number)")
                    }
                }
                for await isRight in group { #expect(isRight) }
            }
            let (size, clients) = (try server.command("DBSIZE"), try server.statistic("connected_clients"))
            // This connection, and the one that asks.
            #expect(size == "500" && clients == 2)
            #expect(events.all == [.connected])
        }
    }

    @Test("answers a task of its loop on the loop's thread")
    func threads() async throws {
        let server = try RedisServer()
        let loop = try EventLoop(name: "redis")
        try loop.start()
        defer { loop.stop() }
        let connection = RedisConnection(on: loop, RedisConfiguration(server))
        let isRight = await Task(executorPreference: loop) {
            var isRight = true
            for number in 0..<20 {
                isRight = await connection.send(RedisCommand("INCR", "n")) == .success(.integer(number + 1)) && isRight
                isRight = loop.isCurrent && isRight
            }
            return isRight
        }.value
        #expect(isRight)
    }

    @Test("knows what is not there, and passes on what Redis refuses")
    func replies() async throws {
        let server = try RedisServer()
        try server.command("LPUSH", "list", "1")
        try await withConnection(RedisConfiguration(server)) { connection, _ in
            #expect(await connection.send(RedisCommand("GET", "nothing")) == .success(.none))
            #expect(await connection.send(RedisCommand("SET", "empty", "")) == .success(.status))
            #expect(await connection.send(RedisCommand("GET", "empty")) == bytes(""))
            guard case .success(.refused(let words)) = await connection.send(RedisCommand("GET", "list")) else {
                return #expect(Bool(false), "a list was read")
            }
            #expect(words.hasPrefix("WRONGTYPE "))
        }
    }

    @Test("carries any bytes")
    func binary() async throws {
        let server = try RedisServer()
        try await withConnection(RedisConfiguration(server)) { connection, _ in
            let value = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect(await connection.send(.set([0, 13, 10], value, lifetime: nil)) == .success(.status))
            #expect(await connection.send(.get([0, 13, 10])) == .success(.bytes(value)))
        }
    }

    @Test(
        "says who it is",
        arguments: [
            (nil, "right", true), (nil, "wrong", false), ("martlet", "secret", true), ("martlet", "right", false),
            ("nobody", "secret", false),
        ] as [(String?, String, Bool)])
    func password(username: String?, password: String, isRight: Bool) async throws {
        let server = try RedisServer("--requirepass", "right", "--user", "martlet", "on", ">secret", "~*", "+@all")
        var configuration = RedisConfiguration(server)
        configuration.username = username
        configuration.password = Secret(password)
        try await withConnection(configuration) { connection, events in
            let reply = await connection.send(RedisCommand("SET", "a", "b"))
            #expect(reply == (isRight ? .success(.status) : .failure(.notConnected)))
            let reason = events.all.first?.reason
            #expect(reason == (isRight ? nil : "WRONGPASS invalid username-password pair or user is disabled."))
        }
    }

    @Test("without the password that Redis asks for does not stand")
    func noPassword() async throws {
        let server = try RedisServer("--requirepass", "right")
        try await withConnection(RedisConfiguration(server)) { connection, events in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .failure(.notConnected))
            #expect(events.all.first?.reason == "NOAUTH Authentication required.")
        }
    }

    @Test("uses the database that it is told to, or none")
    func database() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.database = 3
        try await withConnection(configuration) { connection, _ in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
        }
        #expect(try server.command("-n", "3", "GET", "a") == "b")
        #expect(try server.command("GET", "a") == "")
        configuration.database = 99
        try await withConnection(configuration) { connection, events in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .failure(.notConnected))
            #expect(events.all.first?.reason == "ERR DB index is out of range")
        }
    }

    @Test("goes through a Unix socket")
    func unixSocket() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.address = .unix(path: server.socket)
        try await withConnection(configuration) { connection, _ in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
        }
        #expect(try server.command("GET", "a") == "b")
    }

    @Test("finds a host by its name, and says which name is not known")
    func names() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.address = .internet(host: "localhost", port: server.port)
        try await withConnection(configuration) { connection, _ in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
        }
        configuration.address = .internet(host: "redis.invalid", port: server.port)
        try await withConnection(configuration) { connection, events in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .failure(.notConnected))
            #expect(events.all.first?.reason?.hasPrefix("the name redis.invalid is not known: ") == true)
        }
    }

    @Test("comes back by itself when Redis does")
    func restart() async throws {
        let port = freePort()
        try await withConnection(RedisConfiguration(port: port)) { connection, events in
            #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.notConnected))
            #expect(events.all.first?.reason == "Connection refused")
            for round in 0..<3 {
                let server = try RedisServer(port: port)
                try await eventually { events.all.count { $0 == .connected } == round + 1 }
                #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
                let failureCount = events.all.count { $0.reason != nil }
                try server.kill()
                try await eventually { events.all.count { $0.reason != nil } > failureCount }
                // At once: nobody waits for a Redis that is down.
                #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.notConnected))
            }
        }
    }

    @Test("ends what is under way when Redis dies")
    func killed() async throws {
        let server = try RedisServer()
        try await withConnection(RedisConfiguration(server)) { connection, _ in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
            server.send(SIGSTOP)
            let failures = Gathered<Result<RedisReply, RedisFailure>>()
            for _ in 0..<100 { connection.send(RedisCommand("GET", "a")) { failures.append($0) } }
            try server.kill()
            try await eventually { failures.all.count == 100 }
            #expect(Set(failures.all).isSubset(of: [.failure(.lost), .failure(.notConnected)]))
        }
    }

    @Test("does not take a late reply for the next command's")
    func late() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.timeout = .milliseconds(50)
        configuration.maximumLateCommands = 1000
        try await withConnection(configuration) { connection, _ in
            var reply = await connection.send(RedisCommand("SET", "a", "1"))
            // A busy machine may be late by itself.
            while reply != .success(.status) { reply = await connection.send(RedisCommand("SET", "a", "1")) }
            server.send(SIGSTOP)
            for _ in 0..<5 { #expect(await connection.send(RedisCommand("GET", "a")) == .failure(.late)) }
            server.send(SIGCONT)
            var answered = 0
            while answered < 20 {
                let reply = await connection.send(RedisCommand("ECHO", "\(answered)"))
                guard reply != .failure(.late) else { continue }
                #expect(reply == bytes("\(answered)"))
                answered += 1
            }
        }
    }

    @Test("that is late too often counts as dead, until Redis answers again")
    func dead() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.timeout = .milliseconds(20)
        configuration.connectTimeout = .milliseconds(200)
        try await withConnection(configuration) { connection, events in
            _ = await connection.send(RedisCommand("PING"))
            try await eventually { events.all.contains(.connected) }
            server.send(SIGSTOP)
            while await connection.send(RedisCommand("PING")) != .failure(.notConnected) {}
            #expect(events.all.contains { $0.reason?.hasPrefix("no answer within") == true })
            try await eventually { events.all.contains { $0.reason?.hasPrefix("no connection within") == true } }
            let count = events.all.count
            server.send(SIGCONT)
            try await eventually { events.all[count...].contains(.connected) }
        }
    }

    @Test("takes no more commands than it is allowed to")
    func overload() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.maximumCommandsInFlight = 10
        try await withConnection(configuration) { connection, _ in
            #expect(await connection.send(RedisCommand("SET", "a", "b")) == .success(.status))
            server.send(SIGSTOP)
            let replies = Gathered<Result<RedisReply, RedisFailure>>()
            for _ in 0..<15 { connection.send(RedisCommand("GET", "a")) { replies.append($0) } }
            try await eventually { replies.all.count == 5 }
            #expect(Set(replies.all) == [.failure(.overloaded)])
            server.send(SIGCONT)
            try await eventually { replies.all.count == 15 }
            #expect(replies.all.suffix(10).allSatisfy { $0 == bytes("b") })
        }
    }

    @Test("takes no more bytes than it is allowed to, and no longer reply")
    func sizes() async throws {
        let server = try RedisServer()
        var configuration = RedisConfiguration(server)
        configuration.maximumUnsentBytes = 1000
        configuration.maximumReplyBytes = 100_000
        try server.command("SETRANGE", "long", "3000000", "x")
        try await withConnection(configuration) { connection, events in
            let long = String(repeating: "x", count: 2000)
            #expect(await connection.send(RedisCommand("SET", "a", long)) == .failure(.overloaded))
            #expect(await connection.send(RedisCommand("GET", "long")) == .failure(.lost))
            let reasons = events.all.compactMap(\.reason)
            #expect(reasons == ["a reply has more than 100000 bytes, the most that are taken"])
        }
    }

    @Test("answers all that is under way when it is given up")
    func givenUp() async throws {
        let server = try RedisServer()
        let loop = try EventLoop(name: "redis")
        try loop.start()
        defer { loop.stop() }
        let replies = Gathered<Result<RedisReply, RedisFailure>>()
        server.send(SIGSTOP)
        var connection: RedisConnection? = RedisConnection(on: loop, RedisConfiguration(server))
        for _ in 0..<10 { connection?.send(RedisCommand("GET", "a")) { replies.append($0) } }
        connection = nil
        try await eventually { replies.all.count == 10 }
        #expect(Set(replies.all) == [.failure(.lost)])
    }
}
