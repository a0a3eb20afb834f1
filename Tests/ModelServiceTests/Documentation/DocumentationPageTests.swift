import Cryptography
import FoundationEssentials
import TestSupport
import Testing

@testable import ModelService

@Suite("The documentation")
struct DocumentationPageTests {
    private static let pages = ["/docs", "/docs/api"]
    private static let paths = pages + DocumentationAsset.all.map { "/docs/assets/\($0.name)" }

    @Test("is served under a policy that lets nothing but the service's own files run")
    func fields() async throws {
        let client = try await TestService(.recorded).client
        for path in Self.paths {
            let response = try client.request("GET", path)
            #expect(response.status == 200, "\(path)")
            #expect(response.fields["cache-control"] == "no-cache")
            #expect(response.fields["x-content-type-options"] == "nosniff")
            #expect(response.fields["referrer-policy"] == "no-referrer")
            let policy = try #require(response.fields["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "), "\(path)")
            #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
            #expect(try Repository.text(of: "docs/security.md").contains("`\(policy)`"))
            for directive in ["base-uri", "form-action", "frame-ancestors"] {
                #expect(policy.contains("\(directive) 'none'"))
            }
        }
    }

    @Test(
        "says what its files are",
        arguments: [
            ("/docs", "text/html; charset=utf-8"), ("/docs/api", "text/html; charset=utf-8"),
            ("/docs/assets/page.js", "text/javascript; charset=utf-8"),
            ("/docs/assets/page.css", "text/css; charset=utf-8"), ("/docs/assets/martlet.svg", "image/svg+xml"),
            ("/docs/assets/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ])
    func types(path: String, type: String) async throws {
        #expect(try await TestService(.recorded).client.request("GET", path).fields["content-type"] == type)
    }

    @Test("is not sent again to who has it, and its head is sent alone to who asks for that")
    func conditional() async throws {
        let client = try await TestService(.recorded).client
        var tags: Set<String> = []
        for path in Self.paths {
            let whole = try client.request("GET", path)
            let tag = try #require(whole.fields["etag"])
            tags.insert(tag)
            let again = try client.request("GET", path, fields: [("If-None-Match", "\"other\", W/\(tag)")])
            #expect(again.status == 304 && again.body.isEmpty, "\(path)")
            #expect(again.fields["etag"] == tag)
            #expect(try client.request("GET", path, fields: [("If-None-Match", "\"other\"")]).status == 200)
            let head = try client.request("HEAD", path)
            #expect(head.status == 200 && head.fields["etag"] == tag)
            #expect(head.fields["content-length"] == "\(whole.body.utf8.count)")
        }
        // The two pages are files too, which have no path of their own below assets/ that anybody asks for.
        #expect(tags.count == DocumentationAsset.all.count)
    }

    @Test(
        "sends Swagger UI compressed to who takes that, with a tag of its own",
        arguments: ["swagger-ui-bundle.js", "swagger-ui.css"])
    func compressed(name: String) async throws {
        let client = try await TestService(.recorded).client
        let path = "/docs/assets/\(name)"
        let whole = try client.request("GET", path)
        #expect(whole.fields["content-encoding"] == nil && whole.fields["vary"] == "Accept-Encoding")
        let gzip = [("Accept-Encoding", "gzip, deflate, br")]
        let compressed = try client.request("GET", path, fields: gzip)
        #expect(compressed.fields["content-encoding"] == "gzip" && compressed.fields["vary"] == "Accept-Encoding")
        #expect(compressed.fields["content-type"] == whole.fields["content-type"])
        #expect(compressed.fields["content-length"] == "\(DocumentationAsset.named(name).content.count)")
        let (tag, other) = (try #require(compressed.fields["etag"]), try #require(whole.fields["etag"]))
        #expect(tag != other)
        #expect(try client.request("GET", path, fields: gzip + [("If-None-Match", tag)]).status == 304)
        #expect(try client.request("GET", path, fields: gzip + [("If-None-Match", other)]).status == 200)
    }

    @Test("has no file that is not there", arguments: ["nothing.js", "..%2fpage.css", "PAGE.CSS", "%ff"])
    func missing(name: String) async throws {
        let response = try await TestService(.recorded).client.request("GET", "/docs/assets/\(name)")
        #expect(response.status == 404)
        #expect(response.body.contains(#""type":"NotFound""#))
    }

    @Test("is the same for every service: it tells nothing by itself")
    func anonymous() async throws {
        let client = try await TestService(.recorded).client
        for path in Self.paths {
            let content = try client.request("GET", path).body
            #expect(!content.contains("insurance_charges_model") && !content.contains("iris_model"), "\(path)")
        }
        let other = try await TestService(.recorded, loading: false).client
        #expect(try client.request("GET", "/docs").body == other.request("GET", "/docs").body)
    }
}

@Suite("The files of the documentation")
struct DocumentationAssetTests {
    private static let folder = "Sources/CDocumentation"

    @Test("are embedded as they are in the sources, every one")
    func embedded() throws {
        var names: Set<String> = []
        for folder in ["page", "swagger-ui"] {
            for name in try FileManager.default.contentsOfDirectory(
                atPath: "\(Repository.root)/\(Self.folder)/\(folder)")
            where [".html", ".css", ".js", ".svg", ".gz"].contains(where: name.hasSuffix) {
                let asked = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
                names.insert(asked)
                let asset = try #require(DocumentationAsset.asset(called: asked), "\(name) is not in documentation.c")
                // The bytes of a .gz come uncompressed, by gzip itself.
                #expect(try asset.decompressed == Repository.bytes(of: "\(Self.folder)/\(folder)/\(name)"))
            }
        }
        #expect(Set(DocumentationAsset.all.map(\.name)) == names)
    }

    @Test("that are ours name no other host, and have no script or style in the markup")
    func closed() throws {
        for asset in DocumentationAsset.all where !asset.name.hasPrefix("swagger-ui") {
            let text = String(decoding: asset.content, as: UTF8.self)
            for address in text.matches(of: /https?:\/\/[^\s'"`]*/).map(\.output) {
                #expect(address == "http://www.w3.org/2000/svg", "\(asset.name)")
            }
            // What would make markup of text.
            for name in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"] {
                #expect(!text.contains(name), "\(asset.name)")
            }
            guard asset.name.hasSuffix(".html") else { continue }
            #expect(text.matches(of: /<script(?![^>]* src=)/).isEmpty)
            #expect(!text.contains("<style") && text.matches(of: /\s(style|on[a-z]+)=/).isEmpty)
        }
    }

    @Test("name each other as they are called")
    func links() throws {
        for asset in DocumentationAsset.all where !asset.name.hasPrefix("swagger-ui") {
            let text = String(decoding: asset.content, as: UTF8.self)
            let imported = text.matches(of: /from '\.\/([^']+)'/).map { String($0.1) }
            let linked = text.matches(of: /(?:href|src)="(?:docs\/)?assets\/([^"]+)"/).map { String($0.1) }
            for name in imported + linked { #expect(DocumentationAsset.asset(called: name) != nil, "\(asset.name)") }
        }
    }

    @Test("of Swagger UI are those that its README describes")
    func swaggerUI() throws {
        let readme = try Repository.text(of: "\(Self.folder)/swagger-ui/README.md")
        for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
            let bytes = try Repository.bytes(of: "\(Self.folder)/swagger-ui/\(name).gz")
            #expect(readme.contains("| `\(name)`, uncompressed | sha256 `\(SHA256Digest(of: bytes.span.bytes))` |"))
        }
        let bundle = try Repository.text(of: "\(Self.folder)/swagger-ui/swagger-ui-bundle.js.gz")
        let version = try #require(bundle.firstMatch(of: /PACKAGE_VERSION:"([0-9.]+)"/)?.1)
        #expect(readme.contains("| version | \(version) |"))
        // The Makefile fetches the same wheel.
        let digest = try #require(readme.firstMatch(of: /whl`, sha256 `([0-9a-f]{64})`/)?.1)
        #expect(try Repository.text(of: "Makefile").contains("--hash=sha256:\(digest)"))
    }
}
