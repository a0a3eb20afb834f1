import Modeling
import Testing

@testable import Artifacts
@testable import ModelService

@Suite("From fields to features")
struct FeatureMappingTests {
    @Test("numbers, booleans, labels, constants and what is missing")
    func everyOrigin() throws {
        let enumeration = Enumeration(values: ["a", "b"])
        let schema = ObjectSchema(
            "Input",
            properties: [
                .init("integer", Schema(.integer(Bounds())), isRequired: true),
                .init("number", Schema(.number(Bounds())), isRequired: true),
                .init("boolean", Schema(.boolean), isRequired: true),
                .init("label", Schema(.enumeration(enumeration)), isRequired: true),
                .init("absent", Schema(.number(Bounds())), isRequired: false),
                .init("null", Schema(.number(Bounds()), isNullable: true), isRequired: false),
            ])
        var record = Record(schema)
        let values: [Value] = [.integer(42), .number(0.5), .boolean(true), .enumeration(1), .absent, .null]
        for (index, value) in values.enumerated() { record[index] = value }
        let origins: [FeatureSource.Origin] = [
            .code(index: 3, codes: [7, 9]), .code(index: 3, codes: [7, nil]), .code(index: 5, codes: []),
            .constant(2.5), .field(index: 0), .field(index: 1), .field(index: 2), .field(index: 4), .field(index: 5),
        ]
        #expect(
            try row(record, origins) { _ in nil } == [9, nil, nil, 2.5, 42, 0.5, 1, nil, nil])
    }

    @Test("what the parameters call a category is given by its name, whatever the field's type")
    func categories() throws {
        let schema = ObjectSchema(
            "Input",
            properties: [
                .init("label", Schema(.enumeration(Enumeration(values: ["a", "b", "c"]))), isRequired: true),
                .init("text", Schema(.string(LengthLimits())), isRequired: true),
                .init("year", Schema(.integer(Bounds())), isRequired: true),
                .init("flag", Schema(.boolean), isRequired: true),
            ])
        let categories = [["b", "a"], ["x", "ï"], ["1999", "2004"], ["false", "true"]]
        let origins = (0..<4).map { FeatureSource.Origin.field(index: $0) }
        var record = Record(schema)
        let values: [Value] = [.enumeration(0), .string("ï"), .integer(2004), .boolean(true)]
        for (index, value) in values.enumerated() { record[index] = value }
        #expect(try row(record, origins) { categories[$0] } == [1, 1, 1, 1])
        for (index, value) in ([.enumeration(2), .string("y"), .integer(2005), .null] as [Value]).enumerated() {
            record[index] = value
        }
        #expect(try row(record, origins) { categories[$0] } == [nil, nil, nil, nil])
    }

    @Test("labels without codes are refused by the field's name")
    func uncoded() {
        let schema = ObjectSchema(
            "Input", properties: [.init("text", Schema(.string(LengthLimits())), isRequired: true)])
        let features = [FeatureSource(name: nil, origin: .field(index: 0))]
        let error = #expect(throws: PackagedModelError.self) {
            try FeatureMapping(features, schema: schema) { _ in nil }
        }
        #expect(error?.description.contains("field 'text' holds labels") == true)
    }

    /// The row that a record becomes; `nil` is missing.
    private func row(
        _ record: Record, _ origins: [FeatureSource.Origin], _ categories: (Int) -> [String]?
    ) throws -> [Double?] {
        let features = origins.map { FeatureSource(name: nil, origin: $0) }
        let mapping = try FeatureMapping(features, schema: record.schema, categories: categories)
        var numbers = [Double](repeating: 99, count: mapping.featureCount)
        var span = numbers.mutableSpan
        mapping.write(record, to: &span)
        return numbers.map { $0.isNaN ? nil : $0 }
    }
}
