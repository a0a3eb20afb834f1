/// A node as its file has it, with the version of its operator.
struct ONNXNode {
    private(set) var name = ""
    private(set) var type = ""
    private(set) var domain = ""
    /// Names; an omitted operand is "".
    private(set) var inputs: [String] = []
    private(set) var outputs: [String] = []
    private var attributes: [ONNXAttribute] = []
    /// The version of the operator set; 0 where the model does not import it.
    let opset: Int

    /// Reads a NodeProto.
    ///
    /// Files have the opsets before the graph or after it, so the caller reads those first.
    init(_ bytes: RawSpan, _ range: Range<Int>, opsets: [String: Int]) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        var ranges: [Range<Int>] = []
        while try reader.next() {
            switch reader.field {
            case 1: inputs.append(try reader.string())
            case 2: outputs.append(try reader.string())
            case 3: name = try reader.string()
            case 4: type = try reader.string()
            case 5: ranges.append(try reader.range())
            case 7: domain = try reader.string()
            default: try reader.skip()
            }
        }
        if domain == "ai.onnx" { domain = "" }
        opset = opsets[domain] ?? 0
        for range in ranges {
            do {
                attributes.append(try ONNXAttribute(bytes, range))
            } catch {
                throw error.place == .file && !error.isMalformed ? ONNXError(error.mistake, place) : error
            }
        }
    }

    /// Where mistakes of this node are.
    var place: ONNXError.Place {
        let own = name.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : name
        return .node(name: own, operator: domain.isEmpty ? type : "\(domain).\(type)", opset: opset)
    }

    private func value(_ name: String) -> ONNXAttribute.Value? {
        attributes.first { $0.name == name }?.value
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    func int(_ name: String) throws(ONNXMistake) -> Int? {
        switch value(name) {
        case nil: return nil
        case .int(let value): return Int(value)
        default: throw .invalidAttribute(name, reason: "is no integer")
        }
    }

    func flag(_ name: String, default value: Bool) throws(ONNXMistake) -> Bool {
        try int(name).map { $0 != 0 } ?? value
    }

    func float(_ name: String) throws(ONNXMistake) -> Float? {
        switch value(name) {
        case nil: return nil
        case .float(let value): return value
        default: throw .invalidAttribute(name, reason: "is no number")
        }
    }

    func string(_ name: String) throws(ONNXMistake) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let value): return value
        default: throw .invalidAttribute(name, reason: "is no text")
        }
    }

    func ints(_ name: String) throws(ONNXMistake) -> [Int]? {
        switch value(name) {
        case nil: return nil
        case .ints(let values): return values.map { Int($0) }
        default: throw .invalidAttribute(name, reason: "is no list of integers")
        }
    }

    func floats(_ name: String) throws(ONNXMistake) -> [Float]? {
        switch value(name) {
        case nil: return nil
        case .floats(let values): return values
        default: throw .invalidAttribute(name, reason: "is no list of numbers")
        }
    }

    func strings(_ name: String) throws(ONNXMistake) -> [String]? {
        switch value(name) {
        case nil: return nil
        case .strings(let values): return values
        default: throw .invalidAttribute(name, reason: "is no list of texts")
        }
    }

    func tensor(_ name: String) throws(ONNXMistake) -> ONNXTensor? {
        switch value(name) {
        case nil: return nil
        case .tensor(let value): return value
        default: throw .invalidAttribute(name, reason: "is no tensor")
        }
    }

    /// What `value` has, or that the attribute is missing.
    func required<Value>(_ name: String, _ value: Value?) throws(ONNXMistake) -> Value {
        guard let value else { throw .missingAttribute(name) }
        return value
    }
}
