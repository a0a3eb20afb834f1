import Decorators
import Modeling
import Testing

@Suite("The prediction id")
struct PredictionIDDecoratorTests {
    private static let given = "2F0C1A52-8c6b-4c0e-9a37-5d1f6c1a7e90"

    private func input(_ decorator: PredictionIDDecorator, _ number: Double, id: Value = .null) -> Record {
        var input = Record(decorator.inputSchema)
        input[0] = .number(number)
        input[1] = id
        return input
    }

    @Test(
        "is the client's where there is one, else a new one; in the output and in the context",
        arguments: [false, true])
    func ids(waits: Bool) async throws {
        let decorator = try PredictionIDDecorator(waits ? SlowTwiceModel() : TwiceModel())
        #expect(decorator.mayWait == waits)
        func predict(_ input: Record, _ context: PredictionContext) async throws -> Record {
            if waits { return try await decorator.waitForPrediction(for: input, in: context) }
            var output = Record(decorator.outputSchema.objects[0])
            try decorator.predict(input, into: &output, in: context)
            return output
        }
        let context = PredictionContext()
        let named = try await predict(input(decorator, 4, id: .string(Self.given)), context)
        #expect(named["twice"] == .number(8) && named["prediction_id"] == .string(Self.given))
        #expect(context.predictionID == Self.given)

        let new = PredictionContext()
        let unnamed = try await predict(input(decorator, -1), new)
        let id = try #require(new.predictionID)
        // Every shape of the output has it, and what is inside knows it already.
        #expect(unnamed.schema.name == "Nothing" && unnamed["reason"] == .string("negative, for \(id)"))
        #expect(unnamed["prediction_id"] == .string(id))
    }

    @Test(
        "is refused when it is no UUID",
        arguments: [
            "", "x", "2f0c1a52-8c6b-4c0e-9a37-5d1f6c1a7e9", "2f0c1a52x8c6b-4c0e-9a37-5d1f6c1a7e90",
            "2f0c1a52-8c6b-4c0e-9a37-5d1f6c1a7e9g",
        ])
    func refused(id: String) throws {
        let decorator = try PredictionIDDecorator(TwiceModel())
        var output = Record(decorator.outputSchema.objects[0])
        #expect(throws: SchemaValidationError.self) {
            try decorator.predict(input(decorator, 1, id: .string(id)), into: &output, in: PredictionContext())
        }
    }

    @Test("can't be added twice")
    func conflict() throws {
        let once = try PredictionIDDecorator(TwiceModel())
        #expect(throws: SchemaConflict.self) { try PredictionIDDecorator(once) }
    }

    @Test("stands last in the input and in every shape of the output")
    func schemas() throws {
        let decorator = try PredictionIDDecorator(TwiceModel())
        #expect(decorator.inputSchema.properties.map(\.name) == ["number", "prediction_id"])
        #expect(decorator.inputSchema.properties.map(\.isRequired) == [true, false])
        #expect(
            decorator.outputSchema.objects.map { $0.properties.map(\.name) } == [
                ["twice", "prediction_id"], ["reason", "prediction_id"],
            ])
        #expect(decorator.outputSchema.objects.map(\.name) == ["TwiceOutput", "Nothing"])
    }
}

@Suite("UUIDs")
struct UUIDTextTests {
    @Test("have their version, their variant, and are never twice the same")
    func form() {
        let random = (0..<1_000).map { _ in UUIDText.random() }
        let ordered = (0..<1_000).map { _ in UUIDText.timeOrdered() }
        for (ids, version) in [(random, "4"), (ordered, "7")] as [([String], Character)] {
            #expect(Set(ids).count == ids.count)
            for id in ids {
                #expect(UUIDText.isValid(id))
                #expect(Array(id)[14] == version)
                #expect("89ab".contains(Array(id)[19]))
            }
        }
        // The first 48 bits are the time.
        #expect(ordered.map { $0.prefix(13) } == ordered.map { $0.prefix(13) }.sorted())
    }

    @Test("are never the same, whoever makes them at the same time")
    func distinct() async {
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<16 { group.addTask { (0..<1_000).map { _ in UUIDText.random() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 16_000)
    }
}
