internal import CZlib

/// A file of a package, in memory.
package struct ArchiveEntry: Sendable, Hashable {
    /// Where it is in the package, such as `model.yaml`.
    package let path: String
    package let content: [UInt8]
    /// The content's CRC-32, which archives have.
    let checkSum: UInt32

    package init(path: String, content: [UInt8]) {
        let checkSum = content.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
        self.init(path: path, content: content, checkSum: checkSum)
    }

    /// - Parameter checkSum: has been compared with the content.
    init(path: String, content: [UInt8], checkSum: UInt32) {
        self.path = path
        self.content = content
        self.checkSum = checkSum
    }

    /// The most bytes of a path, 255.
    package static let pathByteLimit = 255

    /// What is wrong with a path; `nil` when it is good.
    ///
    /// Names of letters, digits, `.`, `_` and `-`, joined by `/`: what every file system and every tool reads alike.
    package static func mistake(inPath path: some Collection<UInt8>) -> String? {
        guard !path.isEmpty else { return "its name is empty" }
        guard path.count <= pathByteLimit else { return "its name has more than \(pathByteLimit) bytes" }
        if path.first == UInt8(ascii: "/") { return "its path is absolute" }
        for component in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if component.elementsEqual("..".utf8) || component.elementsEqual(".".utf8) || component.isEmpty {
                return "its path has a component '\(String(decoding: component, as: UTF8.self))'"
            }
            guard component.allSatisfy(isNameCharacter) else {
                return "its name has other characters than letters, digits, '.', '_' and '-'"
            }
        }
        return nil
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
