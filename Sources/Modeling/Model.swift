/// Something that makes a prediction.
///
/// A model is asked from several threads at once, so it is `Sendable` and keeps no state between predictions.
public protocol Model: Sendable {
    /// The name in paths: lower-case letters, digits and underscores.
    var qualifiedName: String { get }
    /// The name that people read.
    var displayName: String { get }
    /// What the model predicts, in a sentence.
    var description: String { get }
    /// The version of the model's interface and code.
    var version: String { get }
    /// What a prediction needs.
    var inputSchema: ObjectSchema { get }
    /// What a prediction is: an object, or `anyOf` several.
    var outputSchema: Schema { get }

    /// Predicts one record.
    ///
    /// - Parameters:
    ///   - input: a record of ``inputSchema``, validated.
    ///   - output: a record of ``outputSchema``'s first object with every field absent. The model sets its fields,
    ///     or replaces it by a record of another shape that the schema allows.
    ///   - context: what is known of the request; a decorator hands it on.
    /// - Throws: ``SchemaValidationError`` for an input that this model refuses although it fits the schema
    ///   (400); any other error means that the prediction failed (500).
    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws
}

/// A model that wraps a model: it may change schemas, input and output, or answer by itself.
///
/// A plain decorator wraps models that don't wait; one that is an ``AsyncModelDecorator`` wraps all.
public protocol ModelDecorator: Model {
    /// The model that this one wraps.
    var model: any Model { get }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
// What fulfils a protocol is documented there.
extension ModelDecorator {
    public var qualifiedName: String { model.qualifiedName }
    public var displayName: String { model.displayName }
    public var description: String { model.description }
    public var version: String { model.version }
    public var inputSchema: ObjectSchema { model.inputSchema }
    public var outputSchema: Schema { model.outputSchema }
}

/// A model's refusal of an input that fits its schema.
///
/// The service answers 400 with these messages.
public struct SchemaValidationError: Error, Hashable {
    /// What is wrong, one sentence each.
    public let messages: [String]

    /// A refusal that says why.
    public init(_ messages: String...) {
        self.messages = messages
    }
}
