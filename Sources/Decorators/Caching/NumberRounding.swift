internal import Modeling

/// Rounds every number of a record to some decimals, as Python's `round` does.
///
/// Integers stay, and so does a number that rounding would take out of its schema's bounds: a model never sees a value
/// that its schema refuses. A negative number that becomes zero is the zero without a sign.
struct NumberRounding: Sendable {
    private let places: Int

    init(toPlaces places: Int) throws(DecoratorError) {
        guard (0...Double.maximumDecimalPlaces).contains(places) else {
            throw .badValue(
                key: "number_of_places", reason: "must be 0 to \(Double.maximumDecimalPlaces), not \(places)")
        }
        self.places = places
    }

    func round(_ record: Record) -> Record {
        var rounded = record
        for (position, property) in record.schema.properties.enumerated() {
            switch property.schema.kind {
            case .number, .array, .object:
                rounded[position] = round(record.values[position], property.schema)
            default: break
            }
        }
        return rounded
    }

    private func round(_ value: Value, _ schema: Schema) -> Value {
        switch (value, schema.kind) {
        case (.number(let number), .number(let bounds)):
            let rounded = number.rounded(toPlaces: places) + 0
            return .number(bounds.allow(rounded) ? rounded : number)
        case (.array(let elements), .array(let items, _)):
            return .array(elements.map { round($0, items) })
        case (.object(let record), .object): return .object(round(record))
        default: return value
        }
    }
}

extension Bounds<Double> {
    fileprivate func allow(_ number: Double) -> Bool {
        if let minimum, number < minimum { return false }
        if let exclusiveMinimum, number <= exclusiveMinimum { return false }
        if let maximum, number > maximum { return false }
        if let exclusiveMaximum, number >= exclusiveMaximum { return false }
        return true
    }
}
