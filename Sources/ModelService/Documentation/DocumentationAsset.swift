import Artifacts
internal import CDocumentation
import Cryptography
import HTTPServer

/// A file of the documentation, which is in the executable: it reads nothing, and works without a network.
///
/// The page knows nothing by itself. Its script asks the API that everybody can ask, so it tells nobody more.
struct DocumentationAsset: Sendable {
    /// What it is asked for by.
    let name: String
    let contentType: StaticString
    /// Whether it is embedded as gzip (RFC 1952).
    let isCompressed: Bool
    /// Which bytes they are; they live as long as the process.
    private let index: Int

    private init(_ index: Int) {
        let file = String(cString: documentation_asset_at(index).name)
        self.index = index
        isCompressed = file.hasSuffix(".gz")
        name = isCompressed ? String(file.dropLast(3)) : file
        contentType = Self.contentType(of: name)
    }

    /// The bytes, as they are embedded.
    var content: UnsafeBufferPointer<UInt8> {
        let asset = documentation_asset_at(index)
        return UnsafeBufferPointer(start: asset.content, count: asset.count)
    }

    /// Of the content's digest, which is computed for the first request, not when the server starts.
    var tag: EntityTag { Self.tags[index] }

    /// The content without compression; kept from the first time on that somebody takes none.
    var decompressed: [UInt8] { Self.decompressedAssets[index]?.content ?? Array(content) }

    /// Of the content without compression: another representation has another tag (RFC 9110 §8.8.3.3).
    var decompressedTag: EntityTag { Self.decompressedAssets[index]?.tag ?? tag }

    /// All that there are.
    static let all: [DocumentationAsset] = (0..<documentation_asset_count()).map { DocumentationAsset($0) }

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

    /// By index, those that are compressed.
    private static let decompressedAssets: [Int: Representation] = {
        var assets: [Int: Representation] = [:]
        for asset in all where asset.isCompressed {
            guard let content = try? Artifacts.decompressed(gzip: Array(asset.content), limit: decompressedByteLimit)
            else { preconditionFailure("\(asset.name) is not embedded whole") }
            assets[asset.index] = Representation(content, as: asset.contentType)
        }
        return assets
    }()

    /// The most bytes of a file once decompressed: 4 MiB.
    private static let decompressedByteLimit = 4 << 20

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
