import Artifacts
import Glibc
import ModelService
import TestSupport
import Testing
import YAML

@Suite("The configuration file is found")
struct ConfigurationFileTests {
    @Test("an explicit path comes before REST_CONFIG")
    func explicit() throws {
        let good = configurationFixtures + "/good/insurance.yaml"
        let other = configurationFixtures + "/good/reference_logging.yaml"
        #expect(try ServiceConfiguration.load(path: good, environment: ["REST_CONFIG": other]).file == good)
        #expect(try ServiceConfiguration.load(path: nil, environment: ["REST_CONFIG": other]).file == other)
    }

    @Test("a file that is not there is told by its path")
    func absent() {
        let paths: [(String?, [String: String], [String])] = [
            ("no/such.yaml", ["REST_CONFIG": "other"], ["no/such.yaml"]),
            (nil, ["REST_CONFIG": "/nowhere/rest_config.yaml"], ["/nowhere/rest_config.yaml"]),
        ]
        for (path, environment, tried) in paths {
            #expect(throws: ConfigurationError.notFound(tried: tried)) {
                try ServiceConfiguration.load(path: path, environment: environment)
            }
        }
        #expect(
            "\(ConfigurationError.notFound(tried: ["a", "b"]))"
                == "no configuration found: tried a, b; name the file with --config or REST_CONFIG")
    }

    @Test("without a name, the two default places are tried in order")
    func defaults() throws {
        let places = ["rest_config.yaml", "configuration/rest_config.yaml"]
        let first = places.first { access($0, F_OK) == 0 }
        if let first {
            #expect(try ServiceConfiguration.load(path: nil, environment: [:]).file == first)
        } else {
            #expect(throws: ConfigurationError.notFound(tried: places)) {
                try ServiceConfiguration.load(path: nil, environment: ["REST_CONFIG": ""])
            }
        }
    }

    @Test("a folder, and a file without end, are refused", arguments: ["/", "/dev/zero"])
    func noFile(path: String) throws {
        let error = #expect(throws: ConfigurationError.unreadable(.notAFile(path: path))) {
            try ServiceConfiguration.load(path: path, environment: [:])
        }
        #expect(try #require(error).description == "\(path): this is not a regular file")
    }

    @Test("a file of a byte more than the limit is refused, and the limit is told")
    func tooLarge() throws {
        let least = "{}"
        let limit = ServiceConfiguration.limits.bytes
        let full = TemporaryFile(least + String(repeating: " ", count: limit - least.utf8.count))
        #expect(try ServiceConfiguration.load(path: full.path, environment: [:]).file == full.path)
        let large = TemporaryFile(least + String(repeating: " ", count: limit + 1 - least.utf8.count))
        let error = #expect(throws: ConfigurationError.unreadable(.tooLarge(path: large.path, limit: limit))) {
            try ServiceConfiguration.load(path: large.path, environment: [:])
        }
        let message = "\(large.path): the file has more than 1048576 bytes, the most that are read"
        #expect(try #require(error).description == message)
    }
}
