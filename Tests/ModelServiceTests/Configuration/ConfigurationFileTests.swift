import Glibc
import ModelService
import Testing

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

    @Test("a folder, and a file without end, are refused")
    func noFile() {
        #expect(throws: ConfigurationError.unreadable(file: "/", reason: "Is a directory")) {
            try ServiceConfiguration.load(path: "/", environment: [:])
        }
        do throws(ConfigurationError) {
            _ = try ServiceConfiguration.load(path: "/dev/zero", environment: [:])
            Issue.record("taken")
        } catch {
            #expect("\(error)" == "/dev/zero:1:1: longer than 1048576 bytes")
        }
    }
}
