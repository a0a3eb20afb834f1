import Dispatch
import Glibc
public import ModelService
import YAML

/// The command line of a Martlet server, for `martlet` itself and for every executable that adds models of its own.
///
/// ```swift
/// import Commands
///
/// Martlet.main { catalog in
///     catalog.add(model: "InsuranceChargesModel") { _ in InsuranceChargesModel() }
/// }
/// ```
public enum Martlet {
    /// The version of Martlet, as `martlet version` prints it.
    public static let version = serviceVersion

    static let commands: [Command] = [
        serveCommand, healthcheckCommand, topCommand, validateCommand, predictCommand, inspectCommand,
        openAPICommand, generateOpenAPICommand, packageCommand, keygenCommand, signCommand, verifyCommand, listCommand,
        pushCommand,
        pullCommand, schemaCommand, versionCommand, helpCommand,
    ]

    /// Runs the command that the process's arguments name, and exits with its status: 0 when all is well, 1 when the
    /// command failed, 2 when the command line can't be understood.
    ///
    /// - Parameter register: adds the executable's own models and decorators to the catalog.
    public static func main(register: (inout Catalog) -> Void = { _ in }) -> Never {
        var catalog = Catalog()
        register(&catalog)
        let arguments = processArguments()
        let environment = Environment(
            catalog: catalog,
            programName: arguments.first.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "martlet",
            variables: processEnvironment())
        Task { exit(await run(arguments.dropFirst(), in: environment).rawValue) }
        dispatchMain()
    }

    static func run(_ words: ArraySlice<String>, in environment: Environment) async -> ExitStatus {
        guard let word = words.first else {
            Terminal.print(overview(programName: environment.programName))
            return .usage
        }
        let name = ["--help": "help", "-h": "help", "--version": "version"][word] ?? word
        guard let command = commands.first(where: { $0.name == name }) else {
            return reportUsage(
                .unknownCommand(word, nearest: Spelling.nearest(to: word, among: commands.map(\.name))),
                help: "help", in: environment)
        }
        do {
            let arguments = try Arguments(
                words.dropFirst(), options: command.options, operandLimit: command.operandLimit)
            if arguments.wantsHelp {
                Terminal.print(help(for: command, programName: environment.programName))
                return .success
            }
            return try await command.run(arguments, environment)
        } catch let error as UsageError {
            return reportUsage(error, help: "help \(command.name)", in: environment)
        } catch let failure as Failure {
            Terminal.printError(failure.message)
            return .failure
        } catch {
            Terminal.printError("\(environment.programName): \(error)")
            return .failure
        }
    }

    private static func reportUsage(_ error: UsageError, help: String, in environment: Environment) -> ExitStatus {
        Terminal.printError("\(environment.programName): \(error)\nTry '\(environment.programName) \(help)'.")
        return .usage
    }
}

/// The process's environment variables; the last of two equal names wins.
private func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        entry += 1
    }
    return variables
}
