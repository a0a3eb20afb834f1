package import YAML

extension Node {
    /// The tree without positions, in a notation of one line: kinds are told apart, keys keep their order.
    package var outline: String {
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
