import YAML

extension Martlet {
    static let helpCommand: Command = Command(
        name: "help", summary: "Show the commands, or one command's options", operands: "[COMMAND]", details: "",
        options: []
    ) { arguments, environment in
        guard let name = arguments.operands.first else {
            Terminal.print(overview(programName: environment.programName))
            return .success
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            throw UsageError.unknownCommand(name, nearest: Spelling.nearest(to: name, among: commands.map(\.name)))
        }
        Terminal.print(help(for: command, programName: environment.programName))
        return .success
    }

    static let versionCommand = Command(
        name: "version", summary: "Print the version", operands: "", details: "", options: []
    ) { _, _ in
        Terminal.print("martlet \(version)")
        return .success
    }

    /// What `martlet help` prints.
    static func overview(programName: String) -> String {
        """
        Serves machine-learning models over HTTP.

        Usage: \(programName) COMMAND [OPTIONS]

        \(table(commands.map { ($0.name, $0.summary) }))

        '\(programName) help COMMAND' shows a command's options.
        """
    }

    /// What `martlet help COMMAND` and `martlet COMMAND --help` print.
    static func help(for command: Command, programName: String) -> String {
        let operands = command.operands.isEmpty ? "" : " " + command.operands
        var text = "\(command.summary).\n\nUsage: \(programName) \(command.name) [OPTIONS]\(operands)\n"
        if !command.details.isEmpty { text += "\n\(command.details)\n" }
        let rows = (command.options + [.help]).map { option in
            (option.name + (option.value.map { " " + $0 } ?? ""), option.summary)
        }
        return text + "\n" + table(rows)
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  " + $0 + String(repeating: " ", count: width + 2 - $0.count) + $1 }
            .joined(separator: "\n")
    }
}
