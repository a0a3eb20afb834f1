import Modeling
import Testing

private enum Grade: String, CaseIterable, EnumerationContent {
    case good = "GOOD"
    case bad = "BAD"
}

@Suite("Declaring fields")
struct FieldTests {
    @Test("ranges and exclusive bounds become the schema's bounds")
    func bounds() {
        let integers: [(Field<Int>, Bounds<Int>)] = [
            (Field("a"), Bounds()), (Field("a", 18...65), Bounds(minimum: 18, maximum: 65)),
            (Field("a", 18..<65), Bounds(minimum: 18, exclusiveMaximum: 65)), (Field("a", 18...), Bounds(minimum: 18)),
            (Field("a", ...65), Bounds(maximum: 65)), (Field("a", ..<65), Bounds(exclusiveMaximum: 65)),
            (Field("a", above: 5), Bounds(exclusiveMinimum: 5)), (Field("a", below: 8), Bounds(exclusiveMaximum: 8)),
            (Field("a", above: 5, below: 8), Bounds(exclusiveMinimum: 5, exclusiveMaximum: 8)),
            (Field("a", ...8, above: 5), Bounds(exclusiveMinimum: 5, maximum: 8)),
            (Field("a", 5..., below: 8), Bounds(minimum: 5, exclusiveMaximum: 8)),
        ]
        for (field, bounds) in integers {
            #expect(field.property.schema.kind == .integer(bounds))
            #expect(field.property.isRequired)
        }
        #expect(Field<Double>("b", 15...50).property.schema.kind == .number(Bounds(minimum: 15, maximum: 50)))
        #expect(Field<Double?>("b", 0.5..<1).property.schema.kind == .number(Bounds(minimum: 0.5, exclusiveMaximum: 1)))
    }

    @Test("lengths of strings and arrays are counts")
    func counts() {
        #expect(Field<String>("s", count: 1...5).property.schema.kind == .string(LengthLimits(minimum: 1, maximum: 5)))
        #expect(Field<String?>("s", count: ..<5).property.schema.kind == .string(LengthLimits(maximum: 4)))
        let items = Schema(.number(Bounds()))
        #expect(Field<[Double]>("v").property.schema.kind == .array(items: items, LengthLimits()))
        #expect(
            Field<[Double]>("v", count: 1...16).property.schema.kind
                == .array(items: items, LengthLimits(minimum: 1, maximum: 16)))
        #expect(
            Field<[Int?]>("v", count: 2...).property.schema.kind
                == .array(items: Schema(.integer(Bounds()), isNullable: true), LengthLimits(minimum: 2)))
    }

    @Test("an optional is nullable and null by default, unless it says otherwise")
    func optionals() {
        let optional = Field<Int?>("x").property
        #expect(!optional.isRequired && optional.schema.isNullable && optional.schema.defaultValue == .null)
        let refusing = Field<Int?>("x", 1...2, isNullable: false).property
        #expect(!refusing.isRequired && !refusing.schema.isNullable && refusing.schema.defaultValue == .null)
        let defaulted = Field<Int>("x", 1..., default: 3).property
        #expect(!defaulted.isRequired && !defaulted.schema.isNullable && defaulted.schema.defaultValue == .integer(3))
        let both = Field<Grade?>("x", default: .bad).property
        #expect(!both.isRequired && both.schema.isNullable && both.schema.defaultValue == .enumeration(1))
    }

    @Test(
        "a title is the name in words, as pydantic makes it",
        arguments: [
            ("age", "Age"), ("sepal_length", "Sepal Length"),
            ("collections_in_last_12_months", "Collections In Last 12 Months"),
            ("long_name2_x", "Long Name2 X"), ("HTTPCode", "Httpcode"), ("a1b_c", "A1B C"), ("x__y", "X  Y"),
        ])
    func titles(name: String, title: String) {
        #expect(Field<Int>(name).property.schema.title == title)
        #expect(Field<Int>(name, title: "Mine").property.schema.title == "Mine")
        #expect(Field<Grade>(name).property.schema.title == nil)
        #expect(Field<Grade>(name, title: "Mine").property.schema.title == "Mine")
    }

    @Test("a record gives and takes the content of each field")
    func record() {
        let age = Field<Int>("age")
        let share = Field<Double?>("share")
        let grade = Field<Grade>("grade")
        let name = Field<String>("name")
        let values = Field<[Double?]>("values")
        var record = Record(ObjectSchema("R", age, share, grade, name, values))
        record[age] = 7
        record[share] = 0.5
        record[grade] = .bad
        record[name] = "x"
        record[values] = [1, nil]
        #expect(
            record.values == [
                .integer(7), .number(0.5), .enumeration(1), .string("x"), .array([.number(1), .null]),
            ])
        #expect(record[age] == 7 && record[share] == 0.5 && record[grade] == .bad)
        #expect(record[name] == "x" && record[values] == [1, nil])
        record[share] = nil
        #expect(record[share] == nil && record["share"] == .null && record["other"] == nil)
    }
}
