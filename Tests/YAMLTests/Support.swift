import Glibc
import Testing
import YAML

/// Parses a text, with small limits where a test gives them.
func parse(_ text: String, limits: Limits = Limits()) throws(YAMLError) -> Node {
    try Node(parsing: Array(text.utf8).span, limits: limits)
}

/// The error that a text is refused with; nil when it is taken.
func refusal(_ text: String, limits: Limits = Limits()) -> YAMLError? {
    do throws(YAMLError) {
        _ = try parse(text, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A file of the folder `Fixtures`.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)
    let file = try #require(fopen("\(folder)/Fixtures/\(name)", "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return bytes
}

extension Node {
    /// The tree without positions, in a notation of one line: kinds are told apart, keys keep their order.
    var outline: String {
        fold(
            scalar: { scalar, _ in
                switch scalar.value {
                case .null: "null"
                case .bool(let bool): "\(bool)"
                case .int(let int): "\(int)"
                case .float(let float): "\(float)f"
                case .string: "'\(scalar.text)'"
                }
            },
            sequence: { elements, _ in "[\(elements.joined(separator: " "))]" },
            mapping: { entries, _ in "{\(entries.map { "\($0.name):\($0.value)" }.joined(separator: " "))}" })
    }
}
