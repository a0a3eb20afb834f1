import Cryptography
import Decorators
import EventLoop
import Modeling
import YAML

extension Expected<RedisCachingDecorator.Configuration> {
    static var redisCaching: Expected {
        .mapping { reader in
            var configuration = RedisCachingDecorator.Configuration()
            configuration.redis = reader.redis()
            configuration.prefix = reader.value(
                "prefix", .string, default: configuration.prefix, about: "What the keys in Redis begin with.")
            configuration.hashingFields = reader.hashingFields()
            configuration.places = reader.reducedPlaces()
            configuration.form = reader.value(
                "serder", .word, default: configuration.form, about: "How predictions are written.")
            configuration.usesCompression = reader.value(
                "use_compression", .bool, default: configuration.usesCompression,
                about: "Compresses predictions when that makes them shorter.")
            configuration.timeToLive = reader.timeToLive()
            return configuration
        }
    }
}

extension MappingReader {
    /// Where Redis is, and who asks it.
    fileprivate mutating func redis() -> RedisConfiguration {
        var redis = RedisConfiguration()
        redis.address = redisAddress()
        redis.database = value(
            "database", .natural, default: redis.database, about: "The number of the database.")
        redis.username = optional(
            "username", .string, about: "The user of Redis' access list; needs password.")
        redis.password = optional(
            "password", .string, about: "As a rule ${VARIABLE}; alone it is the default user's."
        ).map { Secret($0) }
        refuse("username", "it has no password; Redis takes both or none", where: .absent("password"))
        redis.timeout = value(
            "timeout", .duration(in: .milliseconds(1) ... .seconds(3_600)), default: redis.timeout,
            about: "How long a look-up may take before the model is asked.")
        return redis
    }

    private mutating func redisAddress() -> SocketAddress {
        let host = value("host", .redisHost, default: "localhost", about: "Where Redis listens.")
        let port = value("port", .integer(in: 1...65_535), default: 6_379, about: "The TCP port of Redis.")
        let path = optional("unix_socket", .redisSocket, about: "The path of Redis' socket, instead of host and port.")
        for key in ["host", "port"] {
            refuse("unix_socket", "it takes the place of host and port", where: .given(key))
        }
        let isTLS = Expected<Bool>.bool.shaped(.off).checked { isOn in
            isOn
                ? "Debian's hiredis 0.14 has no TLS; let a proxy such as stunnel beside this service speak it, and name"
                    + " the proxy's unix_socket or port"
                : nil
        }
        _ = value("tls", isTLS, default: false, about: "true is refused: a proxy beside this service speaks TLS.")
        return path.map { .unix(path: $0) } ?? .internet(host: host, port: UInt16(port))
    }
}

extension Expected<Int> {
    fileprivate static var natural: Expected {
        integer().shaped(.scalar(ScalarShape(["integer"], keywords: [.init("minimum", 0)])))
            .checked { $0 < 0 ? "must be 0 or more" : nil }
    }
}

extension Expected<String> {
    fileprivate static var redisHost: Expected {
        string.shaped(.nonEmptyText).checked { $0.isEmpty ? "it is empty" : nil }
    }

    fileprivate static var redisSocket: Expected {
        // The size of sun_path, with the byte that ends it (unix(7)).
        string.shaped(.text(upTo: 107)).checked {
            (1...107).contains($0.utf8.count) ? nil : "must be a path of 1 to 107 bytes"
        }
    }
}
