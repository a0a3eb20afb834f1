import Cryptography
import Testing

@testable import Decorators

@Suite("The configuration of a policy")
struct OPAConfigurationTests {
    typealias Configuration = OPAPolicyDecorator.Configuration

    private static let tls = Configuration.TLS()

    @Test(
        "becomes the URL of its decision",
        arguments: [
            ("p", .host("localhost", port: 8181), nil, "http://localhost:8181/v1/data/p"),
            ("a.b_2.c", .host("10.0.0.1", port: 1), nil, "http://10.0.0.1:1/v1/data/a/b_2/c"),
            ("p", .host("::1", port: 80), tls, "https://[::1]:80/v1/data/p"),
            ("p", .url("http://opa/prefix/"), nil, "http://opa/prefix/v1/data/p"),
            ("p", .url("https://opa:8443"), nil, "https://opa:8443/v1/data/p"),
            ("p", .url("https://opa:8443"), tls, "https://opa:8443/v1/data/p"),
            ("p", .unixSocket("/run/opa.sock"), nil, "http://localhost/v1/data/p"),
        ] as [(String, Configuration.Address, Configuration.TLS?, String)])
    func urls(package: String, address: Configuration.Address, tls: Configuration.TLS?, url: String) throws {
        var configuration = Configuration(policyPackage: package)
        configuration.address = address
        configuration.tls = tls
        #expect(try configuration.decisionURL() == url)
    }

    @Test(
        "is refused with the key that is wrong",
        arguments: [
            ("", .host("h", port: 1), nil, nil, "policy_package: '' is not a package"),
            ("a..b", .host("h", port: 1), nil, nil, "policy_package: 'a..b' is not a package"),
            ("a/b", .host("h", port: 1), nil, nil, "policy_package: 'a/b' is not a package"),
            ("a?b=c", .host("h", port: 1), nil, nil, "policy_package: 'a?b=c' is not a package"),
            ("p", .host("", port: 1), nil, nil, "host: '' is not a host's name"),
            ("p", .host("h/", port: 1), nil, nil, "host: 'h/' is not a host's name"),
            ("p", .host("u@h", port: 1), nil, nil, "host: 'u@h' is not a host's name"),
            ("p", .host("h", port: 0), nil, nil, "port: 0 is not a port"),
            ("p", .host("h", port: 65_536), nil, nil, "port: 65536 is not a port"),
            ("p", .url("opa:8181"), nil, nil, "url: must be an http or https URL"),
            ("p", .url("http://"), nil, nil, "url: must be an http or https URL"),
            ("p", .url("http://opa?a"), nil, nil, "url: must be an http or https URL"),
            ("p", .url("http://opa"), tls, nil, "tls: the url begins with http://"),
            ("p", .unixSocket("/s"), tls, nil, "tls: a Unix socket has none"),
            ("p", .unixSocket(""), nil, nil, "unix_socket: a socket's path has 1 to 107 bytes"),
            ("p", .unixSocket(String(repeating: "s", count: 108)), nil, nil, "unix_socket: a socket's path"),
            ("p", .host("h", port: 1), nil, "", "token: must not be empty"),
            ("p", .host("h", port: 1), nil, "secret\n", "token: it has a space, a line's end"),
        ] as [(String, Configuration.Address, Configuration.TLS?, String?, String)])
    func mistakes(
        package: String, address: Configuration.Address, tls: Configuration.TLS?, token: String?, message: String
    ) {
        var configuration = Configuration(policyPackage: package)
        configuration.address = address
        configuration.tls = tls
        configuration.token = token.map { Secret($0) }
        do throws(DecoratorError) {
            Issue.record("taken: \(try configuration.decisionURL())")
        } catch {
            #expect(error.description.hasPrefix(message), "\(error)")
            #expect(!error.description.contains("secret"))
        }
    }

    @Test("names a file of authorities that can't be read")
    func authorities() {
        var configuration = Configuration(policyPackage: "p")
        var tls = Configuration.TLS()
        tls.authoritiesFile = "/nowhere/ca.pem"
        configuration.tls = tls
        do throws(DecoratorError) {
            try configuration.checkFiles()
            Issue.record("taken")
        } catch {
            #expect(error.description == "tls.ca_file: /nowhere/ca.pem: No such file or directory")
        }
    }
}
