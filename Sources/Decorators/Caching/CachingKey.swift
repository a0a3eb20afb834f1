package import Cryptography
package import Modeling

/// What a prediction is kept under: a digest of the model and of what it is asked.
///
/// ```
/// scheme  SHA-256 of: model's name, version, parameters digest, decimals, fields' names and kinds, output's names and kinds
/// key     SHA-256 of: scheme, the record in its canonical form
/// ```
///
/// The same record has the same key on every replica and after a restart; another version, other parameters, another
/// field or another value has another. `5`, `5.0` and `"5"` are one value once the record's schema has taken them;
/// `0.0` and `-0.0` are two. Numbers are finite: JSON has no others.
///
/// Made once, when a model is loaded.
package struct CachingKey: Sendable {
    /// The digest of all that keys have in common.
    private let scheme: SHA256Digest
    /// The fields that count; `nil` for all.
    private let positions: [Int]?
    /// The decimals that numbers are rounded to; `nil` for as they are.
    private let rounding: NumberRounding?
    private let form: CanonicalForm

    /// - Parameters:
    ///   - model: what is wrapped.
    ///   - parametersDigest: the digest of the model's package; `nil` for a model without one, whose version then has
    ///     to say when its predictions change.
    ///   - hashingFields: the input fields that decide the prediction; `nil` for all. Their order does not matter.
    ///   - places: the decimals that ``reduced(_:)`` leaves of a number; `nil` for all.
    /// - Throws: ``DecoratorError`` for a field that the model's input does not have, and for none or too many.
    package init(
        model: any Model, parametersDigest: String?, hashingFields: [String]? = nil, places: Int? = nil
    ) throws(DecoratorError) {
        let schema = model.inputSchema
        positions = try hashingFields.map { fields throws(DecoratorError) in try Self.positions(of: fields, in: schema)
        }
        rounding = try places.map { places throws(DecoratorError) in try NumberRounding(toPlaces: places) }
        form = CanonicalForm(Schema(schema))

        var common = SchemaForm()
        common.append("martlet cache key 1")
        common.append(model.qualifiedName)
        common.append(model.version)
        common.append(parametersDigest)
        common.append(places.map { "\($0)" })
        let fields = positions ?? Array(schema.properties.indices)
        common.append(fields.count)
        for field in fields { common.append(schema.properties[field]) }
        common.append(model.outputSchema)
        scheme = SHA256Digest(of: common.bytes.span.bytes)
    }

    private static func positions(of fields: [String], in schema: ObjectSchema) throws(DecoratorError) -> [Int] {
        guard !fields.isEmpty else {
            throw .badValue(key: "hashing_fields", reason: "it is empty; leave it out to count every field")
        }
        var positions: Set<Int> = []
        for field in fields {
            guard let position = schema.index(of: field) else {
                throw .noSuchField(
                    field, key: "hashing_fields", schema: schema.name, known: schema.properties.map(\.name))
            }
            positions.insert(position)
        }
        return positions.sorted()
    }

    /// The record that the key is of and that the model has to be asked with: `record` with its numbers rounded, when
    /// this key rounds.
    ///
    /// The model sees what the key says, so that the answer kept is the right one for whoever has the same key.
    package func reduced(_ record: Record) -> Record {
        rounding?.round(record) ?? record
    }

    /// The key of a record as ``reduced(_:)`` gives it.
    package func key(of record: Record) -> SHA256Digest {
        let start = SHA256Digest.byteCount
        return withUnsafeTemporaryAllocation(byteCount: start + byteCount(of: record), alignment: 8) { buffer in
            buffer.copyBytes(from: scheme.bytes)
            write(record, to: UnsafeMutableRawPointer(buffer.baseAddress! + start))
            return SHA256Digest(of: UnsafeRawBufferPointer(buffer).bytes)
        }
    }

    /// Whether ``reduced(_:)`` changes anything.
    package var reduces: Bool { rounding != nil }

    // MARK: The part that differs between records

    private func byteCount(of record: Record) -> Int {
        var count = 0
        if let positions {
            for position in positions { count += CanonicalForm.byteCount(of: record.values[position]) }
        } else {
            for value in record.values { count += CanonicalForm.byteCount(of: value) }
        }
        return count
    }

    private func write(_ record: Record, to start: UnsafeMutableRawPointer) {
        var writer = CanonicalWriter(to: start, form)
        if let positions {
            for position in positions { writer.write(record.values[position]) }
        } else {
            for value in record.values { writer.write(value) }
        }
    }

    /// How many words ``write(_:to:)`` writes, at least one.
    func wordCount(of record: Record) -> Int {
        CanonicalForm.wordCount(bytes: byteCount(of: record))
    }

    /// Writes the values that count in their canonical form, filled up with zeros: other values are other words.
    func write(_ record: Record, to words: UnsafeMutableBufferPointer<UInt64>) {
        words[words.count - 1] = 0
        write(record, to: UnsafeMutableRawPointer(words.baseAddress!))
    }

    /// The words that ``write(_:to:)`` writes.
    func words(of record: Record) -> [UInt64] {
        let count = wordCount(of: record)
        return [UInt64](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            write(record, to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            initializedCount = count
        }
    }
}
