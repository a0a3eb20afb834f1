import Modeling
import Testing

@testable import Artifacts
@testable import ModelService

@Suite("From fields to features")
struct FeatureMappingTests {
    @Test("numbers, booleans, labels, constants and what is missing")
    func everyOrigin() {
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
            .constant(2.5), .number(index: 0), .number(index: 1), .number(index: 2), .number(index: 4),
            .number(index: 5),
        ]
        let mapping = FeatureMapping(origins.map { FeatureSource(name: nil, origin: $0) })
        var features = [Double](repeating: 99, count: mapping.featureCount)
        var span = features.mutableSpan
        mapping.write(record, to: &span)
        let expected: [Double?] = [9, nil, nil, 2.5, 42, 0.5, 1, nil, nil]
        #expect(features.map { $0.isNaN ? nil : $0 } == expected)
    }
}
