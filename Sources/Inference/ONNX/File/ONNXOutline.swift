/// What an ONNX file says about itself, read past everything that the runtime would refuse.
///
/// Reading ends quietly where the bytes are no protobuf any more; what came before stays.
struct ONNXOutline {
    /// An operator as nodes name it.
    struct OperatorName: Hashable {
        let domain: String
        let name: String
    }

    private(set) var irVersion: Int?
    private(set) var producer = ""
    private(set) var producerVersion = ""
    /// The versions of the operator sets, in the file's order; that of ONNX itself is "".
    private(set) var opsets: [(domain: String, version: Int)] = []
    /// How often each operator is used.
    private(set) var operators: [OperatorName: Int] = [:]
    private(set) var inputs: [ONNXValueInfo] = []
    private(set) var outputs: [ONNXValueInfo] = []
    private(set) var initializerNames: Set<String> = []
    private(set) var initializerCount = 0
    /// The bytes that the initializers take in the file.
    private(set) var initializerByteCount = 0

    init(_ bytes: RawSpan) {
        var graph: Range<Int>?
        try? readModel(bytes, &graph)
        if let graph { try? readGraph(bytes, graph) }
    }

    /// Whether the bytes begin as a ModelProto with a graph: no more than its other fields may come before.
    static func isModel(_ bytes: RawSpan) -> Bool {
        var reader = ProtobufReader(bytes, 0..<bytes.byteCount)
        do {
            while try reader.next() {
                switch reader.field {
                case 1, 5: _ = try reader.integer()
                case 2, 3, 4, 6, 8, 14, 20, 25, 26: _ = try reader.range()
                case 7: return true
                default: return false
                }
            }
        } catch {}
        return false
    }

    /// Reads a ModelProto; the graph comes after the operator sets, wherever it lies.
    private mutating func readModel(_ bytes: RawSpan, _ graph: inout Range<Int>?) throws(ONNXError) {
        var reader = ProtobufReader(bytes, 0..<bytes.byteCount)
        while try reader.next() {
            switch reader.field {
            case 1: irVersion = Int(try reader.integer())
            case 2: producer = try reader.string()
            case 3: producerVersion = try reader.string()
            case 7: graph = try reader.range()
            case 8:
                let opset = try ONNXFile.opset(bytes, try reader.range())
                // The last of two counts, as for the loader.
                opsets.removeAll { $0.domain == opset.domain }
                opsets.append(opset)
            default: try reader.skip()
            }
        }
    }

    /// Reads a GraphProto.
    private mutating func readGraph(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        while try reader.next() {
            switch reader.field {
            case 1: try readNode(bytes, try reader.range())
            case 5: try readInitializer(bytes, try reader.range())
            case 11: inputs.append(try ONNXValueInfo(bytes, try reader.range()))
            case 12: outputs.append(try ONNXValueInfo(bytes, try reader.range()))
            default: try reader.skip()
            }
        }
    }

    /// Reads of a NodeProto what it is.
    private mutating func readNode(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        var (type, domain) = ("", "")
        while try reader.next() {
            switch reader.field {
            case 4: type = try reader.string()
            case 7: domain = try reader.string()
            default: try reader.skip()
            }
        }
        operators[OperatorName(domain: domain == "ai.onnx" ? "" : domain, name: type), default: 0] += 1
    }

    /// Reads of a TensorProto its name.
    private mutating func readInitializer(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        initializerCount += 1
        initializerByteCount += range.count
        var reader = ProtobufReader(bytes, range)
        while try reader.next() {
            if reader.field == 8 {
                initializerNames.insert(try reader.string())
            } else {
                try reader.skip()
            }
        }
    }
}
