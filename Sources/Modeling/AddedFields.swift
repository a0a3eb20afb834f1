/// The schemas of a decorator that adds fields to those of the model it wraps, and the way from one record to the other.
///
/// Added fields stand after the model's own, in the input and in every shape of the output.
/// ```
/// input   │ age │ bmi │ prediction_id │  ──  inner(_:)  ──►  │ age │ bmi │
/// output  │ charges │ prediction_id │    ◄──  outer(_:)  ──  │ charges │
/// ```
public struct AddedFields: Sendable {
    /// What the decorator takes.
    public let inputSchema: ObjectSchema
    /// What the decorator gives.
    public let outputSchema: Schema

    private let modelInputSchema: ObjectSchema
    /// The shapes of the model's output, and what each becomes.
    private let shapes: [(inner: ObjectSchema, outer: ObjectSchema)]

    /// Adds properties to the schemas of `model`.
    ///
    /// - Throws: ``SchemaConflict`` when a field of that name is there already.
    public init(
        input: [ObjectSchema.Property] = [], output: [ObjectSchema.Property] = [], to model: any Model
    ) throws(SchemaConflict) {
        modelInputSchema = model.inputSchema
        inputSchema = try modelInputSchema.adding(input)
        var shapes: [(inner: ObjectSchema, outer: ObjectSchema)] = []
        for shape in model.outputSchema.objects { shapes.append((shape, try shape.adding(output))) }
        self.shapes = shapes
        outputSchema = model.outputSchema.replacing(shapes)
    }

    /// The model's own part of an input.
    public func inner(_ input: Record) -> Record {
        guard modelInputSchema !== inputSchema else { return input }
        return Record(modelInputSchema, Array(input.values.prefix(modelInputSchema.properties.count)))
    }

    /// The output that begins with a model's, and has every added field absent.
    public func outer(_ output: Record) -> Record {
        var outer = output
        write(output, to: &outer)
        return outer
    }

    /// Makes `outer` the output that begins with a model's, and has every added field absent.
    ///
    /// - Parameter outer: storage that is used again if it is a record of that shape with every field absent, as a
    ///   decorator is given one.
    public func write(_ output: Record, to outer: inout Record) {
        let shape = shapes.first { $0.inner === output.schema } ?? shapes.first { $0.inner == output.schema }
        // A shape that the schema does not allow is for the encoder to refuse.
        guard let schema = shape?.outer, schema !== output.schema else {
            outer = output
            return
        }
        if outer.schema !== schema { outer = Record(schema) }
        for index in output.values.indices { outer[index] = output[index] }
    }
}

/// A field that a decorator adds is there already.
public struct SchemaConflict: Error, Hashable, CustomStringConvertible {
    /// The field's name.
    public let field: String
    /// The name of the schema that has it.
    public let schema: String

    /// What is wrong and what to do.
    public var description: String {
        "it adds the field '\(field)', which \(schema) has already; leave one of the two out"
    }
}

extension ObjectSchema {
    fileprivate func adding(_ added: [Property]) throws(SchemaConflict) -> ObjectSchema {
        guard !added.isEmpty else { return self }
        var names = Set(properties.map(\.name))
        for property in added where !names.insert(property.name).inserted {
            throw SchemaConflict(field: property.name, schema: name)
        }
        return ObjectSchema(name, description: description, properties: properties + added)
    }
}

extension Schema {
    fileprivate func replacing(_ shapes: [(inner: ObjectSchema, outer: ObjectSchema)]) -> Schema {
        var schema = self
        switch kind {
        case .object(let object):
            if let shape = shapes.first(where: { $0.inner === object }) { schema.kind = .object(shape.outer) }
        case .anyOf(let alternatives): schema.kind = .anyOf(alternatives.map { $0.replacing(shapes) })
        default: break
        }
        return schema
    }
}
