package import Modeling

/// PyPI's `jsonschema`: somebody else's word on what a schema takes.
package enum SchemaValidator {
    /// The first thing that is wrong with each document; `nil` for one that the schema takes.
    ///
    /// - Throws: when the schema itself is none.
    package static func complaints(about documents: [JSON], schema: JSON) throws -> [String?] {
        let folder = TemporaryFolder()
        folder.write("schema.json", "\(schema)")
        folder.write("documents.jsonl", documents.map { "\($0)\n" }.joined())
        folder.write("validate.py", program)
        let outcome = try ChildProcess.run(program: Repository.python, ["validate.py"], in: folder.path)
        guard outcome.status == 0 else { throw Failed(errors: outcome.errors) }
        return try outcome.output.split(separator: "\n").map { try JSON(parsing: String($0)).string }
    }

    private struct Failed: Error {
        let errors: String
    }

    private static let program = """
        import json
        from jsonschema import Draft202012Validator
        schema = json.load(open("schema.json"))
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for line in open("documents.jsonl"):
            error = next(validator.iter_errors(json.loads(line)), None)
            print(json.dumps(error and f"{error.json_path}: {error.message}"[:300]))
        """
}
