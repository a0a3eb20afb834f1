/// What is wrong with an ONNX file or with what a plan is asked for, where, and what to do about it.
package struct ONNXError: Error, Hashable, CustomStringConvertible {
    /// The part of a file that a mistake is in.
    package enum Place: Hashable, Sendable {
        case file
        /// A node: its name (or that of its first output), operator with its domain, and the opset in force.
        case node(name: String, operator: String, opset: Int)
        case tensor(String)
        case input(String)
        case output(String)
    }

    /// Where.
    package let place: Place
    /// What is wrong.
    package let mistake: ONNXMistake

    init(_ mistake: ONNXMistake, _ place: Place = .file) {
        self.place = place
        self.mistake = mistake
    }

    /// One line: where, what, and what to do.
    package var description: String {
        switch place {
        case .file: mistake.description
        case .node(let name, let type, let opset): "node '\(name)' (\(type), opset \(opset)): \(mistake)"
        case .tensor(let name): "tensor '\(name)': \(mistake)"
        case .input(let name): "input '\(name)': \(mistake)"
        case .output(let name): "output '\(name)': \(mistake)"
        }
    }
}

/// One mistake that an ONNX file, or a request for a plan, can have.
package enum ONNXMistake: Error, Hashable, Sendable {
    /// The file has more bytes than are read.
    case tooLarge(limit: Int)
    /// The bytes are no protobuf message at this place.
    case malformed(byte: Int)
    /// There is no graph in the file.
    case noGraph
    /// A part of the format that is not supported.
    case unsupportedFeature(String)
    /// An operator set that is not imported, or newer than those that are known.
    case unsupportedOpset(domain: String, version: Int, newest: Int)
    /// An operator that is not supported, and those that are.
    case unsupportedOperator(supported: [String])
    /// An operator whose older version is not supported.
    case operatorTooOld(since: Int)
    /// A type that is not supported here.
    case unsupportedType(String, supported: [ONNXElementType])
    /// A tensor's data are not as many as its shape says.
    case wrongDataSize(found: Int, expected: Int)
    /// A shape with a negative size, or with more elements than are allowed.
    case impossibleShape([Int])
    /// A name stands for nothing that was computed before.
    case undefinedValue(String)
    /// A name stands for two things.
    case definedTwice(String)
    /// An input or output of a node that has to be there is not.
    case missingOperand(Int)
    /// An attribute that has to be there is not.
    case missingAttribute(String)
    /// An attribute has a value that it cannot have.
    case invalidAttribute(String, reason: String)
    /// Two types that have to be equal are not.
    case typeMismatch(ONNXElementType, ONNXElementType)
    /// Shapes that do not fit the operator.
    case shapeMismatch(String)
    /// The value of an input decides about shapes, so it has to be known before the first run.
    case valueNeeded(input: Int)
    /// A shape that only a run can tell.
    case dynamicShape
    /// All tensors together need more memory than is allowed.
    case tooMuchMemory(limit: Int)
    /// An index in a constant leads out of its tensor.
    case indexOutOfRange(Int, count: Int)
    /// The trees of an ensemble are no trees.
    case notATree(String)
    /// The number of inputs or dimensions given for a plan is not that of the model.
    case wrongInputShape(found: [Int], expected: String)
    /// A run over constants failed.
    case runFailed(ONNXRunError)
}

/// What stops a run: a value that an operator cannot work with.
package enum ONNXRunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An index leads out of the tensor it points into.
    case indexOutOfRange
    /// A text is no number.
    case notANumber
    /// A key that an encoder does not know and has no default for.
    case unknownKey
    /// An integer division by zero.
    case divisionByZero

    /// One line: what, and what to do.
    package var description: String {
        switch self {
        case .indexOutOfRange: "an index is out of range; send values that the model was trained for"
        case .notANumber: "a text that has to be a number is none; send a number"
        case .unknownKey: "a category is not known to the model; send one that it was trained with"
        case .divisionByZero: "an integer is divided by zero; send values that the model was trained for"
        }
    }
}

extension ONNXMistake: CustomStringConvertible {
    /// What is wrong and what to do, without the place.
    package var description: String {
        switch self {
        case .tooLarge(let limit):
            "the file has more than \(limit) bytes; export a smaller model"
        case .malformed(let byte):
            "not ONNX at byte \(byte); export the model again, the file is damaged or of another format"
        case .noGraph:
            "the file has no graph; export the model again"
        case .unsupportedFeature(let feature):
            "\(feature) is not supported; export the model without"
        case .unsupportedOpset(let domain, let version, let newest):
            "opset \(version) of '\(domain)' is not supported, 1 to \(newest) are; export the model for one of these"
        case .unsupportedOperator(let supported):
            "the operator is not supported; export the model with these: \(supported.joined(separator: ", "))"
        case .operatorTooOld(let since):
            "the operator is supported from opset \(since) on; convert the model to a newer opset"
        case .unsupportedType(let type, let supported):
            "\(type) is not supported here, \(supported.map(\.description).joined(separator: ", ")) are; "
                + "export the model with one of these"
        case .wrongDataSize(let found, let expected):
            "\(found) bytes or values of data where the shape needs \(expected); the file is damaged"
        case .impossibleShape(let shape):
            "the shape \(shape) is not possible; a tensor has at most \(ONNXShape.maximumElementCount) elements"
        case .undefinedValue(let name):
            "'\(name)' is used before anything computes it; export the model again, its nodes are not in order"
        case .definedTwice(let name):
            "'\(name)' is computed twice; export the model again"
        case .missingOperand(let index):
            "operand \(index) is missing; export the model again"
        case .missingAttribute(let name):
            "the attribute '\(name)' is missing; export the model again"
        case .invalidAttribute(let name, let reason):
            "the attribute '\(name)' \(reason); export the model again"
        case .typeMismatch(let one, let other):
            "\(one) and \(other) meet where one type is needed; cast one of them"
        case .shapeMismatch(let reason):
            "\(reason); give inputs of the shapes that the model was made for"
        case .valueNeeded(let input):
            "operand \(input) decides about a shape, so it has to be constant; export the model with it as a constant"
        case .dynamicShape:
            "the shape is only known in a run, which is not supported here; export the model with fixed shapes"
        case .tooMuchMemory(let limit):
            "a run needs more than \(limit) bytes; run fewer rows at once, or a smaller model"
        case .indexOutOfRange(let index, let count):
            "the index \(index) is out of range for \(count); export the model again"
        case .notATree(let reason):
            "\(reason), so this is no tree; export the model again"
        case .wrongInputShape(let found, let expected):
            "the shape is \(found) where the model has \(expected); give inputs of the model's shapes"
        case .runFailed(let error):
            "its constants cannot be computed: \(error)"
        }
    }
}
