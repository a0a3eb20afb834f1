import Cryptography
import Decorators
import EventLoop
import Modeling

extension RedisCachingDecorator {
    /// As the `configuration:` of the decorator says.
    convenience init(
        _ model: any Model, _ section: ComponentConfiguration, _ environment: DecoratorEnvironment
    ) throws {
        try section.allowKeys(
            "host", "port", "unix_socket", "database", "username", "password", "tls", "timeout", "prefix",
            "hashing_fields", "reduced_precision", "number_of_places", "serder", "use_compression", "ttl")
        try self.init(model, Self.configuration(section), environment)
    }

    private static func configuration(_ section: ComponentConfiguration) throws -> Configuration {
        var configuration = Configuration()
        configuration.redis = try redis(section)
        if let prefix = try section.string("prefix") { configuration.prefix = prefix }
        configuration.hashingFields = try section.strings("hashing_fields")
        configuration.places = try section.reducedPlaces()
        if let form: Form = try section.word("serder") { configuration.form = form }
        configuration.usesCompression = try section.boolean("use_compression") ?? false
        configuration.timeToLive = try section.duration("ttl", in: CachingDecorator.Configuration.timesToLive)
        return configuration
    }

    private static func redis(_ section: ComponentConfiguration) throws -> RedisConfiguration {
        var redis = RedisConfiguration()
        let (host, port) = (try section.string("host"), try section.integer("port"))
        if let path = try section.string("unix_socket") {
            guard host == nil, port == nil else {
                throw section.mistake("unix_socket", "it takes the place of host and port")
            }
            // The size of sun_path, with the byte that ends it (unix(7)).
            guard (1...107).contains(path.utf8.count) else {
                throw section.mistake("unix_socket", "must be a path of 1 to 107 bytes")
            }
            redis.address = .unix(path: path)
        } else {
            guard let port = UInt16(exactly: port ?? 6379), port > 0 else {
                throw section.mistake("port", "must be 1 to 65535")
            }
            guard host?.isEmpty != true else { throw section.mistake("host", "it is empty") }
            redis.address = .internet(host: host ?? "localhost", port: port)
        }
        if try section.boolean("tls") == true {
            throw section.mistake(
                "tls",
                "Debian's hiredis 0.14 has no TLS; let a proxy such as stunnel beside this service speak it, and"
                    + " name the proxy's unix_socket or port")
        }
        redis.database = try section.integer("database") ?? 0
        guard redis.database >= 0 else { throw section.mistake("database", "must be 0 or more") }
        redis.username = try section.string("username")
        redis.password = try section.string("password").map { Secret($0) }
        guard redis.username == nil || redis.password != nil else {
            throw section.mistake("username", "it has no password; Redis takes both or none")
        }
        if let timeout = try section.duration("timeout") { redis.timeout = timeout }
        return redis
    }
}
