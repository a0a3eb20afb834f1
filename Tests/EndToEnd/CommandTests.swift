import Glibc
import Modeling
import TestSupport
import Testing

@Suite("The commands of martlet")
struct CommandTests {
    /// Changes the environment before the program begins.
    private static let preloaded = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
        .first(where: Repository.has)

    @Test(
        "know their words behind a library that changes the environment",
        .enabled(if: preloaded != nil, "no libfaketime; 'make setup-load' installs it"))
    func preloadedLibrary() throws {
        let outcome = try ChildProcess.run(["version"], environment: ["LD_PRELOAD": #require(Self.preloaded)])
        #expect(outcome.status == 0 && outcome.output == "martlet 0.1.0\n")
    }

    @Test("validate accepts the repository's configurations", arguments: ["rest_config.yaml", "rest_config.json"])
    func validate(file: String) throws {
        let outcome = try ChildProcess.run(["validate", "--config", "configuration/\(file)"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("iris_model 1.0.0: ok (LightGBM, 60 trees, 3 classes)"))
        #expect(outcome.output.contains("insurance_charges_model 0.1.0: ok (LightGBM, 100 trees)"))
        #expect(outcome.errors == "")
    }

    @Test("validate names every mistake of a configuration with its place")
    func invalidConfiguration() throws {
        let file = TemporaryFile(
            """
            service_title: Broken
            models:
              - class_path: iris_model.IrisModel
                create_endpont: true
            server:
              port: 99999
            """)
        let outcome = try ChildProcess.run(["validate", "--config", file.path])
        #expect(outcome.status == 1)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first?.contains(":4:5: models[0].create_endpont: unknown key; did you mean 'create_endpoint'?")
                == true)
        #expect(lines.last?.contains(":6:9: server.port: must be 0 to 65535") == true)
    }

    @Test("validate reports a package that can't be loaded and still checks the others")
    func invalidPackage() throws {
        let file = TemporaryFile(
            """
            service_title: Half
            models: [{class_path: NoModel}, {class_path: IrisModel}]
            \(Repository.developmentKeys)
            """)
        let outcome = try ChildProcess.run(["validate", "--config", file.path])
        #expect(outcome.status == 1)
        #expect(
            outcome.errors.contains("no_model: models: there is no package no_model-VERSION-PARAMETERS.zip; make it"))
        #expect(outcome.output.contains("iris_model 1.0.0: ok"))
    }

    @Test(
        "schema writes a schema to standard output or into a file, and knows which there are",
        arguments: ["config", "model"])
    func schema(subject: String) throws {
        let printed = try ChildProcess.run(["schema", subject])
        #expect(printed.status == 0 && printed.errors.isEmpty)
        #expect(try JSON(parsing: printed.output)["$id"] == .string("martlet:/schema/\(subject)"))
        let folder = TemporaryFolder()
        let written = try ChildProcess.run(["schema", subject, "--output", folder.path + "/s.json"])
        #expect(written.status == 0 && written.output.isEmpty)
        #expect(try Repository.text(of: folder.path + "/s.json") == printed.output)
        let lost = try ChildProcess.run(["schema", subject, "--output", "/nowhere/s.json"])
        #expect(lost.status == 1 && lost.errors.contains("/nowhere/s.json"))
        let unknown = try ChildProcess.run(["schema", subject + "s"])
        #expect(unknown.status == 2 && unknown.errors.contains("expected config or model"))
        #expect(try ChildProcess.run(["schema"]).status == 2)
    }

    @Test("predict reads one record over several lines")
    func oneRecord() throws {
        let outcome = try ChildProcess.run(
            ["predict", "--config", "configuration/rest_config.yaml", "--model", "iris_model"],
            input: """
                {
                  "sepal_length": 6.0, "sepal_width": 3.0,
                  "petal_length": 4.5, "petal_width": 1.5
                }
                """)
        #expect(outcome.status == 0)
        #expect(outcome.output == #"{"species":"Iris versicolor"}"# + "\n")
    }

    @Test("predict goes on after a bad line, names it, and exits with 1")
    func lines() throws {
        let good = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
        let file = TemporaryFile("\(good)\n\n{\"sepal_length\":6.0}\n{\n\(good)\n", name: "records.jsonl")
        let outcome = try ChildProcess.run(
            ["predict", "--config", "configuration/rest_config.yaml", "--model", "iris_model", file.path])
        #expect(outcome.status == 1)
        #expect(outcome.output.split(separator: "\n").count == 2)
        let errors = outcome.errors.split(separator: "\n")
        #expect(errors.count == 3)
        #expect(errors.first?.hasPrefix("\(file.path):3: Field 'body, sepal_width' has error 'missing'") == true)
        #expect(errors.dropFirst().first?.hasPrefix("\(file.path):4: Field 'body, ") == true)
        #expect(errors.last?.hasPrefix("4 records, 2 refused, ") == true)
    }

    @Test("predict gives for a file what it gives for the same records one by one")
    func wholeFile() throws {
        let lines = (0..<2_500).map { line in
            line % 90 == 7
                ? #"{"age": 7}"#
                : #"{"age":\#(18 + line % 47),"sex":"male","bmi":\#(20 + line % 30),"children":\#(line % 6),"smoker":false,"region":"northwest"}"#
        }
        let arguments = [
            "predict", "--config", "configuration/rest_config.yaml", "--model", "insurance_charges_model",
        ]
        let file = TemporaryFile(lines.joined(separator: "\n"), name: "records.jsonl")
        let together = try ChildProcess.run(arguments + [file.path])
        // A pipe's records are answered one by one; what fits into its buffer are some hundreds.
        var alone = ""
        for part in stride(from: 0, to: lines.count, by: 500) {
            alone += try ChildProcess.run(
                arguments, input: lines[part..<part + 500].joined(separator: "\n")
            ).output
        }
        #expect(together.output == alone)
        #expect(together.output.split(separator: "\n").count == 2_472)
        let errors = together.errors.split(separator: "\n")
        #expect(errors.count == 29)
        for (index, error) in errors.dropLast().enumerated() {
            #expect(error.hasPrefix("\(file.path):\(index * 90 + 8): Field 'body, age' has error"))
        }
        #expect(errors.last?.hasPrefix("2500 records, 28 refused, ") == true)
    }

    @Test("predict answers each line of a pipe before it reads the next")
    func stream() throws {
        let folder = TemporaryFolder()
        let pipe = folder.path + "/records"
        #expect(mkfifo(pipe, 0o600) == 0)
        let program = try ChildProcess([
            "predict", "--config", "configuration/rest_config.yaml", "--model", "iris_model", pipe,
        ])
        // Opened to read as well, so that this waits for nobody.
        let descriptor = open(pipe, O_RDWR)
        for (length, species) in [(1.4, "setosa"), (4.5, "versicolor")] {
            let line =
                Array(
                    #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":\#(length),"petal_width":1.0}"#.utf8) + [10]
            #expect(write(descriptor, line, line.count) == line.count)
            #expect(try program.waitForLine(containing: "Iris").contains(species))
        }
        close(descriptor)
        #expect(try program.wait().status == 0)
    }

    @Test("predict reads CSV by its ending or when it is told to, and goes on after a bad row")
    func csv() throws {
        let rows =
            "sepal_length,sepal_width,petal_length,petal_width\n6.0,3.0,4.5,1.5\n6.0,3.0\n6.0,,4.5,1.5\n5.1,3.5,1.4,0.2\n"
        let file = TemporaryFile(rows, name: "rows.csv")
        let arguments = ["predict", "--config", "configuration/rest_config.yaml", "--model", "iris_model"]
        for outcome in [
            try ChildProcess.run(arguments + [file.path]),
            try ChildProcess.run(arguments + ["--format", "csv"], input: rows),
        ] {
            #expect(outcome.status == 1)
            #expect(outcome.output == "{\"species\":\"Iris versicolor\"}\n{\"species\":\"Iris setosa\"}\n")
            let errors = outcome.errors.split(separator: "\n")
            #expect(errors.first?.hasSuffix(":3: 2 cells where the first line names 4 fields") == true)
            #expect(errors.dropFirst().first?.contains(":4: Field 'body, sepal_width' has error 'missing'") == true)
            #expect(errors.last?.hasPrefix("4 records, 2 refused, ") == true)
        }
    }

    @Test("predict asks for the model when there are several, and knows their names")
    func whichModel() throws {
        let outcome = try ChildProcess.run(["predict", "--config", "configuration/rest_config.yaml"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--model is needed"))
        #expect(outcome.errors.contains("iris_model, insurance_charges_model"))
    }

    @Test(
        "a mistake on the command line exits with 2 and says what is near",
        arguments: [
            (["serv"], "did you mean 'serve'?"), (["serve", "--prot", "1"], "did you mean '--port'?"),
            (["serve", "--port"], "--port needs a value"),
            (["serve", "--port", "x"], "expected a number from 0 to 65535"),
            (["serve", "extra"], "one argument too many"), (["serve", "--log-level", "loud"], "expected debug"),
            (["validate", "--config=a", "--config=b"], "given twice"), (["version", "--help=1"], "takes no value"),
        ])
    func usage(arguments: [String], message: String) throws {
        let outcome = try ChildProcess.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("a configuration that is not there is looked for in the known places")
    func noConfiguration() throws {
        let outcome = try ChildProcess.run(["serve"], in: "/")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("tried rest_config.yaml, configuration/rest_config.yaml"))
    }

    @Test("REST_CONFIG names the configuration")
    func environment() throws {
        let outcome = try ChildProcess.run(
            ["validate"], environment: ["REST_CONFIG": "configuration/rest_config.json"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("iris_model"))
    }
}
