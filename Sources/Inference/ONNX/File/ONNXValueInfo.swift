/// An input or output of a graph: its name and what the file says about its type.
package struct ONNXValueInfo: Hashable, Sendable {
    /// A size of a shape.
    package enum Dimension: Hashable, Sendable {
        /// The size is always this.
        case fixed(Int)
        /// The size is that of all dimensions of this name, and known when a plan is made.
        case named(String)
        /// The size is known when a plan is made.
        case free
    }

    package let name: String
    /// `nil` where the value is no tensor, or the file does not say.
    package let type: ONNXElementType?
    /// `nil` where the file does not say.
    package let shape: [Dimension]?
    /// The number that the file has for the type; 0 where it has none.
    let typeCode: Int64
    /// What the value is if it is no tensor.
    let otherKind: String?

    /// Reads a ValueInfoProto.
    init(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        var name = ""
        var kind = Kind()
        while try reader.next() {
            switch reader.field {
            case 1: name = try reader.string()
            case 2: kind = try Kind(bytes, try reader.range())
            default: try reader.skip()
            }
        }
        self.name = name
        typeCode = kind.code
        type = ONNXElementType(rawValue: Int32(truncatingIfNeeded: kind.code))
        shape = kind.shape
        otherKind = kind.other
    }

    /// A shape as a message shows it: `[N, 4, ?]`.
    var shapeText: String {
        guard let shape else { return "any" }
        let sizes = shape.map { size in
            switch size {
            case .fixed(let count): "\(count)"
            case .named(let name): name
            case .free: "?"
            }
        }
        return "[\(sizes.joined(separator: ", "))]"
    }

    private struct Kind {
        var code: Int64 = 0
        var shape: [Dimension]?
        var other: String?

        init() {}

        /// Reads a TypeProto.
        init(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
            var reader = ProtobufReader(bytes, range)
            while try reader.next() {
                switch reader.field {
                case 1: try readTensor(bytes, try reader.range())
                case 4:
                    other = "a sequence"
                    try reader.skip()
                case 5:
                    other = "a map"
                    try reader.skip()
                case 7, 8, 9:
                    other = "an opaque, sparse or optional value"
                    try reader.skip()
                default: try reader.skip()
                }
            }
        }

        private mutating func readTensor(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
            var reader = ProtobufReader(bytes, range)
            while try reader.next() {
                switch reader.field {
                case 1: code = try reader.integer()
                case 2: try readShape(bytes, try reader.range())
                default: try reader.skip()
                }
            }
        }

        private mutating func readShape(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
            var reader = ProtobufReader(bytes, range)
            var sizes: [Dimension] = []
            while try reader.next() {
                guard reader.field == 1 else {
                    try reader.skip()
                    continue
                }
                sizes.append(try Self.dimension(bytes, try reader.range()))
            }
            shape = sizes
        }

        /// Reads a Dimension.
        ///
        /// Converters of scikit-learn write 0 for a size that they do not know.
        private static func dimension(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) -> Dimension {
            var reader = ProtobufReader(bytes, range)
            var dimension = Dimension.free
            while try reader.next() {
                switch reader.field {
                case 1:
                    let size = try reader.integer()
                    dimension = size > 0 ? .fixed(Int(size)) : .free
                case 2:
                    let name = try reader.string()
                    dimension = name.isEmpty ? .free : .named(name)
                default: try reader.skip()
                }
            }
            return dimension
        }
    }
}
