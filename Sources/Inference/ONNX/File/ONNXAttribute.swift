/// A node's attribute as its file has it.
struct ONNXAttribute {
    enum Value {
        case int(Int64)
        case float(Float)
        case string(String)
        case tensor(ONNXTensor)
        case ints([Int64])
        case floats([Float])
        case strings([String])
    }

    let name: String
    let value: Value

    /// Reads an AttributeProto.
    init(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        var name = ""
        var type: Int64 = 0
        var int: Int64?
        var float: Float?
        var string: String?
        var tensor: ONNXTensor?
        var ints: [Int64] = []
        var floatBits: [UInt32] = []
        var strings: [String] = []
        while try reader.next() {
            switch reader.field {
            case 1: name = try reader.string()
            case 2: float = try reader.float()
            case 3: int = try reader.integer()
            case 4: string = try reader.string()
            case 5:
                let range = try reader.range()
                tensor = try ONNXTensor.read(bytes, range).tensor
            case 6, 11: throw ONNXError(.unsupportedFeature("a graph inside of a node (If, Loop, Scan)"))
            case 7: try reader.fixed(into: &floatBits)
            case 8: try reader.integers(into: &ints)
            case 9: strings.append(try reader.string())
            case 20: type = try reader.integer()
            case 21: throw ONNXError(.unsupportedFeature("a reference to an attribute of a function"))
            case 22, 23: throw ONNXError(.unsupportedFeature("a sparse tensor"))
            default: try reader.skip()
            }
        }
        self.name = name
        let floats = floatBits.map { Float(bitPattern: $0) }
        switch type {
        case 1: value = .float(float ?? 0)
        case 2: value = .int(int ?? 0)
        case 3: value = .string(string ?? "")
        case 4:
            guard let tensor else { throw ONNXError(.invalidAttribute(name, reason: "has no tensor")) }
            value = .tensor(tensor)
        case 6: value = .floats(floats)
        case 7: value = .ints(ints)
        case 8: value = .strings(strings)
        case 0:
            // Files of the first version of the format do not say the type.
            if let float {
                value = .float(float)
            } else if let int {
                value = .int(int)
            } else if let string {
                value = .string(string)
            } else if let tensor {
                value = .tensor(tensor)
            } else if !floats.isEmpty {
                value = .floats(floats)
            } else if !strings.isEmpty {
                value = .strings(strings)
            } else {
                value = .ints(ints)
            }
        default: throw ONNXError(.unsupportedFeature("the kind \(type) of attribute '\(name)'"))
        }
    }
}
