import ModelService

/// One subcommand of `martlet`.
struct Command: Sendable {
    /// The word after `martlet`.
    let name: String
    /// What it does, in a line.
    let summary: String
    /// What follows the options, as the help writes it; empty when nothing may.
    let operands: String
    /// More about it for its own help; whole lines.
    let details: String
    let options: [Option]
    /// Does it, and returns how it ended.
    let run: @Sendable (Arguments, Environment) async throws -> ExitStatus

    /// The most operands: none, one, or any number when ``operands`` ends in dots.
    var operandLimit: Int { operands.isEmpty ? 0 : operands.hasSuffix("...") ? .max : 1 }
}

/// What a command finds around it.
struct Environment: Sendable {
    /// The models and decorators that this executable knows.
    let catalog: Catalog
    /// The name that it was started by.
    let programName: String
    /// The environment variables.
    let variables: [String: String]
}

/// How a command ended: what the shell sees.
enum ExitStatus: Int32, Sendable {
    /// All is well.
    case success = 0
    /// The command did its work and something in it failed.
    case failure = 1
    /// The command line can't be understood; nothing was done.
    case usage = 2
}

/// An end that has a message for the person: one line or several, ready to print.
struct Failure: Error {
    let message: String
}
