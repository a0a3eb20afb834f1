/// Reads JSON objects into records of one schema, in one pass over the bytes.
///
/// Values are coerced and refused as pydantic 2 does it when FastAPI hands it a body: JSON first, then the schema.
/// Malformed JSON therefore outweighs every wrong field; otherwise all wrong fields are reported at once, in the
/// schema's order. Unknown keys are passed over, of equal keys the last one counts.
///
/// Nothing is allocated for numbers, booleans and enumerations once the record has been decoded into before; arrays
/// and nested objects reuse what the record holds.
package struct RecordDecoder: Sendable {
    /// How willingly a value of another type is taken.
    package enum Mode: Sendable {
        /// As pydantic by default: `"42"` and `42.0` for an integer, `"yes"` for a boolean.
        case lax
        /// Only the schema's own JSON types; an integer is a number too.
        case strict
        /// What ``RecordEncoder`` writes: strict, and `null` also where it is the default.
        case output
    }

    /// How deep arrays and objects may nest; default 128.
    package static let defaultMaximumDepth = 128
    /// How many wrong elements of one array are reported, so that a small body cannot ask for a huge answer;
    /// default 100.
    package static let maximumIssuesOfArray = 100
    /// How many elements an array in a record keeps room for between predictions; default 4096.
    static let maximumReusedCapacity = 4096

    private let plan: DecodingPlan
    private let maximumDepth: Int
    private let name: String

    /// A decoder for records of `schema`.
    ///
    /// - Parameters:
    ///   - name: what errors call the object, first in every location.
    /// - Throws: when the schema has an `anyOf`, which no input may have.
    package init(
        _ schema: ObjectSchema, mode: Mode = .lax, maximumDepth: Int = Self.defaultMaximumDepth, name: String = "body"
    ) throws(SchemaError) {
        self.plan = try DecodingPlan(schema, isStrict: mode != .lax, takesNullDefaults: mode == .output)
        self.maximumDepth = maximumDepth
        self.name = name
    }

    /// Replaces every field of `record` by what `bytes` say.
    ///
    /// After an error the fields are unspecified.
    package func decode(_ bytes: RawSpan, into record: inout Record) throws(InputError) {
        if record.schema !== plan.schema { record = Record(plan.schema) }
        var issues: [InputIssue] = []
        do throws(JSONSyntaxError) {
            try decode(bytes, into: &record, &issues)
        } catch {
            let message = "JSON decode error: \(error.expectation)"
            throw InputError(
                issues: [InputIssue(.jsonInvalid, message, location: [.key(name), .index(error.position)])])
        }
        guard issues.isEmpty else { throw InputError(issues: issues.map(finished)) }
    }

    @inline(__always)
    private func decode(
        _ bytes: RawSpan, into record: inout Record, _ issues: inout [InputIssue]
    ) throws(JSONSyntaxError) {
        var cursor = JSONCursor(bytes, maximumDepth: maximumDepth)
        cursor.skipByteOrderMark()
        if cursor.next() == UInt8(ascii: "{") {
            try plan.decodeObject(plan.root, into: &record, &cursor, &issues)
        } else {
            if !bytes.isEmpty { try cursor.skipValue() }
            issues.append(issue(bytes.isEmpty ? .missing : .modelAttributesType))
        }
        try cursor.expectEnd()
    }

    /// What is said of a body that is no object: also of one whose media type says that it is no JSON.
    package var notAnObject: InputError { InputError(issues: [finished(issue(.modelAttributesType))]) }

    private func issue(_ kind: InputIssue.Kind) -> InputIssue {
        InputIssue(kind, kind.message(.object(plan.schema)))
    }

    /// An issue whose location was gathered from the inside out.
    private func finished(_ issue: InputIssue) -> InputIssue {
        var issue = issue
        issue.location.append(.key(name))
        issue.location.reverse()
        return issue
    }
}
