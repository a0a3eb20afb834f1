package import Modeling

/// JSON in, JSON out: decodes one record, asks a model, and encodes its prediction.
///
/// The records are kept from one prediction to the next, so that one of numbers, booleans and enumerations allocates
/// nothing here. For one thread at a time.
package final class RecordPredictor {
    private let model: any Model
    private let decoder: RecordDecoder
    private let encoder = RecordEncoder()
    private let outputSchema: ObjectSchema
    private var input: Record
    private var output: Record

    package init(_ model: any Model, validation: ValidationMode) {
        self.model = model
        decoder = RecordDecoder(model.inputSchema, mode: validation)
        outputSchema = model.outputSchema.primaryObject
        input = Record(model.inputSchema)
        output = Record(outputSchema)
    }

    /// Appends the prediction for the record in `json` to `bytes`.
    ///
    /// - Throws: ``InputError`` for a record that does not fit the schema, ``SchemaValidationError`` for one that the
    ///   model refuses, any other error when the prediction failed.
    package func predict(_ json: RawSpan, into bytes: inout [UInt8]) throws {
        try decoder.decode(json, into: &input)
        // A model may have answered in another shape the last time.
        if output.schema === outputSchema { output.removeValues() } else { output = Record(outputSchema) }
        try model.predict(input, into: &output)
        try encoder.encode(output, into: &bytes)
    }
}
