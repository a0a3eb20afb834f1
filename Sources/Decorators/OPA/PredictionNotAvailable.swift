internal import Modeling

/// What is answered instead of a prediction that a policy denies.
enum PredictionNotAvailable {
    static let schema = ObjectSchema(
        "PredictionNotAvailable",
        description: "Schema returned when a prediction is not available because of a policy decision.", messages)
    private static let messages = Field<[String]>("messages")

    /// - Parameter schema: ``schema``, or one like it.
    static func record(_ schema: ObjectSchema, _ messages: [String]) -> Record {
        var record = Record(schema)
        record[Self.messages] = messages
        return record
    }
}

extension Schema {
    /// This or `object`, by the name that this has.
    func allowing(_ object: ObjectSchema) -> Schema {
        guard !objects.contains(where: { $0 === object }) else { return self }
        let shapes = if case .anyOf(let shapes) = kind { shapes } else { [self] }
        return Schema(
            .anyOf(shapes + [Schema(object)]), title: title ?? objects.first?.name, description: description)
    }
}
