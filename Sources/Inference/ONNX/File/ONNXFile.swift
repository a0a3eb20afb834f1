/// An ONNX model as its file has it: names, nodes and tensors, nothing resolved.
///
/// Nothing is allocated by a number that the file declares: a tensor's memory is made when as many bytes of data as its
/// shape needs have been found. The costliest byte of a file is a dimension or an integer of one byte, which becomes
/// eight; a node or a name of the fewest bytes stays below ``memoryPerByte``.
struct ONNXFile {
    /// The largest file, 2 GiB, which is protobuf's limit.
    static let maximumByteCount = 1 << 31

    /// The largest number of bytes of memory per byte of file, 64.
    static let memoryPerByte = 64

    /// The versions of the operator sets, by domain; that of ONNX itself is "".
    private(set) var opsets: [String: Int] = [:]
    private(set) var nodes: [ONNXNode] = []
    private(set) var initializers: [(name: String, tensor: ONNXTensor)] = []
    private(set) var inputs: [ONNXValueInfo] = []
    private(set) var outputs: [ONNXValueInfo] = []

    /// Reads a ModelProto.
    init(_ bytes: RawSpan) throws(ONNXError) {
        guard bytes.byteCount <= Self.maximumByteCount else {
            throw ONNXError(.tooLarge(limit: Self.maximumByteCount))
        }
        var reader = ProtobufReader(bytes, 0..<bytes.byteCount)
        var graph: Range<Int>?
        while try reader.next() {
            switch reader.field {
            case 7: graph = try reader.range()
            case 8:
                let (domain, version) = try Self.opset(bytes, try reader.range())
                opsets[domain] = version
            case 25: throw ONNXError(.unsupportedFeature("a function of the model's own"))
            default: try reader.skip()
            }
        }
        guard let graph else { throw ONNXError(.noGraph) }
        try readGraph(bytes, graph)
    }

    /// Reads an OperatorSetIdProto; the domain of ONNX itself is "".
    static func opset(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) -> (domain: String, version: Int) {
        var reader = ProtobufReader(bytes, range)
        var domain = ""
        var version = 0
        while try reader.next() {
            switch reader.field {
            case 1: domain = try reader.string()
            case 2: version = Int(try reader.integer())
            default: try reader.skip()
            }
        }
        return (domain == "ai.onnx" ? "" : domain, version)
    }

    /// Reads a GraphProto.
    private mutating func readGraph(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        while try reader.next() {
            switch reader.field {
            case 1:
                let range = try reader.range()
                nodes.append(try ONNXNode(bytes, range, opsets: opsets))
            case 5:
                let range = try reader.range()
                initializers.append(try ONNXTensor.read(bytes, range))
            case 11: inputs.append(try ONNXValueInfo(bytes, try reader.range()))
            case 12: outputs.append(try ONNXValueInfo(bytes, try reader.range()))
            case 15: throw ONNXError(.unsupportedFeature("a sparse initializer"))
            default: try reader.skip()
            }
        }
    }
}
