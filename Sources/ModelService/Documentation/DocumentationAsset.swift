internal import CDocumentation
import Cryptography
import HTTPServer

/// A file of the documentation, which is in the executable: it reads nothing, and works without a network.
///
/// The page knows nothing by itself. Its script asks the API that everybody can ask, so it tells nobody more.
struct DocumentationAsset: Sendable {
    let name: String
    let contentType: StaticString
    /// Which bytes they are; they live as long as the process.
    private let index: Int

    /// The bytes.
    var content: UnsafeBufferPointer<UInt8> {
        let asset = documentation_asset_at(index)
        return UnsafeBufferPointer(start: asset.content, count: asset.count)
    }

    /// Of the content's digest, which is computed for the first request, not when the server starts.
    var tag: EntityTag { Self.tags[index] }

    /// All that there are.
    static let all: [DocumentationAsset] = (0..<documentation_asset_count()).map { index in
        let name = String(cString: documentation_asset_at(index).name)
        return DocumentationAsset(name: name, contentType: contentType(of: name), index: index)
    }

    /// The one that is called `name`, if there is one.
    static func asset(called name: String) -> DocumentationAsset? {
        all.first { $0.name == name }
    }

    /// The one that is called `name`, which is there.
    static func named(_ name: String) -> DocumentationAsset {
        guard let asset = asset(called: name) else { preconditionFailure("\(name) is not embedded") }
        return asset
    }

    private static let tags = all.map { asset in
        EntityTag(SHA256Digest(of: RawSpan(_unsafeElements: asset.content)).bytes.prefix(16))
    }

    private static func contentType(of name: String) -> StaticString {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: preconditionFailure("\(name) has no media type")
        }
    }
}
