import Glibc

/// A text that equals another one only if its bytes do, as in Python and ONNX Runtime, where a `String` equals every
/// text of the same characters, however they are composed.
struct ExactText: Hashable, Sendable {
    let text: String

    static func == (one: Self, other: Self) -> Bool {
        let areEqual: Bool?? = one.text.utf8.withContiguousStorageIfAvailable { bytes in
            other.text.utf8.withContiguousStorageIfAvailable { others in
                guard bytes.count == others.count, let base = bytes.baseAddress, let otherBase = others.baseAddress
                else {
                    return bytes.isEmpty && others.isEmpty
                }
                return memcmp(base, otherBase, bytes.count) == 0
            }
        }
        if case .some(.some(let result)) = areEqual { return result }
        return one.text.utf8.elementsEqual(other.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: .init($0)) }
        if isDone == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}

/// Finds keys of one type: the number of the key, or `nil`.
enum KeyTable: Sendable {
    case strings([ExactText: Int])
    case integers([Int64: Int])
    /// By their bits, with one NaN and one zero.
    case numbers([UInt64: Int])

    /// The first of equal keys counts.
    ///
    /// - Parameter matchesNaN: whether NaN finds a key that is NaN.
    init(_ keys: ONNXTensor, matchesNaN: Bool = true) throws(ONNXMistake) {
        switch keys.type {
        case .string:
            self = .strings(
                Dictionary(
                    keys.strings.enumerated().map { (ExactText(text: $1), $0) }, uniquingKeysWith: { first, _ in first }
                ))
        case .int64, .int32:
            let integers = keys.integers ?? []
            self = .integers(
                Dictionary(integers.enumerated().map { (Int64($1), $0) }, uniquingKeysWith: { first, _ in first }))
        case .float, .double:
            let numbers = (keys.doubles ?? []).enumerated().filter { matchesNaN || !$1.isNaN }
            self = .numbers(
                Dictionary(numbers.map { (Self.bits($1), $0) }, uniquingKeysWith: { first, _ in first }))
        default: throw .unsupportedType(keys.type.description, supported: [.string, .int64, .float, .double])
        }
    }

    private static func bits(_ value: Double) -> UInt64 {
        value.isNaN ? Double.nan.bitPattern : value == 0 ? 0 : value.bitPattern
    }

    /// Whether values of a type can be looked up.
    func accepts(_ type: ONNXElementType) -> Bool {
        switch self {
        case .strings: type == .string
        case .integers: type == .int64 || type == .int32
        case .numbers: type == .float || type == .double
        }
    }

    /// The types of values that can be looked up.
    var types: [ONNXElementType] { ONNXElementType.allCases.filter(accepts) }

    /// The number of the key that an element is.
    @inline(__always)
    func index(_ frame: Frame, _ operand: Operand, _ type: ONNXElementType, _ element: Int) -> Int? {
        switch self {
        case .strings(let table): table[ExactText(text: frame.strings(operand)[element])]
        case .integers(let table):
            table[
                type == .int64
                    ? frame(operand, as: Int64.self)[element] : Int64(frame(operand, as: Int32.self)[element])]
        case .numbers(let table):
            table[
                Self.bits(
                    type == .double
                        ? frame(operand, as: Double.self)[element] : Double(frame(operand, as: Float.self)[element]))]
        }
    }
}

/// LabelEncoder and CategoryMapper: the value of a key, or a default.
struct LabelEncoder: ONNXOperator {
    /// A table for each type of key: CategoryMapper and LabelEncoder 1 go either way.
    private let ways: [Way]

    private struct Way: Sendable {
        let table: KeyTable
        /// The values in the order of the keys, and then the default.
        let values: ONNXTensor

        init(
            _ keys: ONNXTensor, _ values: ONNXTensor, _ fallback: ONNXTensor, matchesNaN: Bool = true
        ) throws(ONNXMistake) {
            guard keys.count == values.count, fallback.count == 1, fallback.type == values.type else {
                throw .invalidAttribute("keys", reason: "has \(keys.count) keys for \(values.count) values")
            }
            table = try KeyTable(keys, matchesNaN: matchesNaN)
            if values.type == .string {
                self.values = try ONNXTensor(values.strings + fallback.strings, shape: [values.count + 1])
                return
            }
            let joined = try ONNXTensor(values.type, [values.count + 1])
            let width = values.type.stride
            joined.memory.copyMemory(from: values.memory, byteCount: values.count * width)
            (joined.memory + values.count * width).copyMemory(from: fallback.memory, byteCount: width)
            self.values = joined
        }
    }

    init(_ node: ONNXNode) throws(ONNXMistake) {
        let text = try ONNXTensor([try node.string("default_string") ?? "_Unused"], shape: [1])
        let integer = try ONNXTensor([Int64(try node.int("default_int64") ?? -1)], shape: [1])
        let number = try ONNXTensor([try node.float("default_float") ?? -0.0], shape: [1])
        if node.type == "CategoryMapper" || node.opset < 2 {
            let isMapper = node.type == "CategoryMapper"
            let texts = try node.required(
                isMapper ? "cats_strings" : "classes_strings",
                try node.strings(isMapper ? "cats_strings" : "classes_strings"))
            // LabelEncoder 1 numbers its classes.
            let codes =
                isMapper
                ? try node.required("cats_int64s", try node.ints("cats_int64s")) : Array(texts.indices)
            let strings = try ONNXTensor(texts, shape: [texts.count])
            let integers = try ONNXTensor(codes.map { Int64($0) }, shape: [codes.count])
            ways = [try Way(strings, integers, integer), try Way(integers, strings, text)]
            return
        }
        let keys = try Self.list(node, "keys")
        let values = try Self.list(node, "values")
        var fallback = values.type == .string ? text : values.type == .int64 ? integer : number
        if let given = try node.tensor("default_tensor") { fallback = given }
        if fallback.type != values.type, !node.has("default_tensor") {
            fallback = try values.type.scalar(values.type == .double ? -0.0 : -1)
        }
        ways = [try Way(keys, values, fallback, matchesNaN: node.opset >= 4)]
    }

    private static func list(_ node: ONNXNode, _ name: String) throws(ONNXMistake) -> ONNXTensor {
        if let tensor = try node.tensor("\(name)_tensor") { return tensor }
        if let texts = try node.strings("\(name)_strings") { return try ONNXTensor(texts, shape: [texts.count]) }
        if let integers = try node.ints("\(name)_int64s") {
            return try ONNXTensor(integers.map { Int64($0) }, shape: [integers.count])
        }
        let numbers = try node.required("\(name)_*", try node.floats("\(name)_floats"))
        return try ONNXTensor(numbers, shape: [numbers.count])
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        guard let way = ways.first(where: { $0.table.accepts(input.type) }) else {
            throw .unsupportedType(input.type.description, supported: ways[0].table.types)
        }
        let (table, values) = (way.table, way.values)
        let output = try node.output(values.type, input.shape)
        let (source, type, count, fallback) = (input.operand, input.type, input.count, values.count - 1)
        let width = values.type.stride
        node.run { frame throws(ONNXRunError) in
            for index in 0..<count {
                let place = table.index(frame, source, type, index) ?? fallback
                if values.type == .string {
                    frame.strings(output)[index] = values.memory.assumingMemoryBound(to: String.self)[place]
                } else {
                    (frame(output, as: UInt8.self) + index * width).update(
                        from: values.memory.assumingMemoryBound(to: UInt8.self) + place * width, count: width)
                }
            }
        }
    }
}

/// OneHotEncoder of ai.onnx.ml: a dimension more, with 1 at the number of the category.
struct OneHotEncoder: ONNXOperator {
    private let table: KeyTable
    private let count: Int
    /// A category that is not known is all zeros; otherwise it stops the run.
    private let allowsUnknown: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        if let texts = try node.strings("cats_strings"), !texts.isEmpty {
            table = try KeyTable(try ONNXTensor(texts, shape: [texts.count]))
            count = texts.count
        } else {
            let integers = try node.required("cats_int64s", try node.ints("cats_int64s"))
            table = try KeyTable(try ONNXTensor(integers.map { Int64($0) }, shape: [integers.count]))
            count = integers.count
        }
        allowsUnknown = try node.flag("zeros", default: true)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.string, .int64, .int32, .float, .double])
        var (source, type) = (input.operand, input.type)
        if type == .float || type == .double {
            source = try node.temporary(.int64, input.shape)
            node.run(Casting.kernel(type, .int64, input.operand, source, input.count))
            type = .int64
        }
        guard table.accepts(type) else { throw .unsupportedType(type.description, supported: table.types) }
        let output = try node.output(.float, input.shape + [count])
        let (elements, place, keyType) = (input.count, source, type)
        node.run { frame throws(ONNXRunError) in
            let target = frame(output, as: Float.self)
            for index in 0..<elements {
                let row = target + index * count
                row.update(repeating: 0, count: count)
                if let key = table.index(frame, place, keyType, index) {
                    row[key] = 1
                } else if !allowsUnknown {
                    throw .unknownKey
                }
            }
        }
    }
}
