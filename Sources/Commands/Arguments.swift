import YAML

/// One option that a command takes.
struct Option: Sendable {
    /// As it is written, `--config`.
    let name: String
    /// What its value is called in the help, `FILE`; `nil` for a switch.
    let value: String?
    /// What it does, in a line.
    let summary: String

    static let help = Option(name: "--help", value: nil, summary: "Show this help")
}

/// What a person can get wrong on the command line.
enum UsageError: Error, CustomStringConvertible, Hashable {
    case unknownCommand(String, nearest: String?)
    case unknownOption(String, nearest: String?)
    case missingValue(option: String, value: String)
    case unexpectedValue(option: String)
    case repeatedOption(String)
    case unexpectedOperand(String)
    case badValue(option: String, value: String, expected: String)
    case missingOption(String, why: String)
    case missingOperand(String)
    case unknownSchema(String)
    case excludes(String, String)

    var description: String {
        switch self {
        case .unknownCommand(let command, let nearest):
            "'\(command)' is not a command" + Self.hint(nearest)
        case .unknownOption(let option, let nearest):
            "'\(option)' is not an option of this command" + Self.hint(nearest)
        case .missingValue(let option, let value):
            "\(option) needs a value: \(option) \(value)"
        case .unexpectedValue(let option):
            "\(option) takes no value"
        case .repeatedOption(let option):
            "\(option) is given twice"
        case .unexpectedOperand(let operand):
            "'\(operand)' is one argument too many"
        case .badValue(let option, let value, let expected):
            "\(option) \(value): expected \(expected)"
        case .missingOption(let option, let why):
            "\(option) is needed: \(why)"
        case .missingOperand(let operand):
            "\(operand) is needed"
        case .unknownSchema(let word):
            "there is no schema of '\(word)'; expected config or model"
        case .excludes(let option, let other):
            "\(option) excludes \(other); give one of the two"
        }
    }

    private static func hint(_ nearest: String?) -> String {
        nearest.map { "; did you mean '\($0)'?" } ?? ""
    }
}

/// The arguments of a command, taken apart.
struct Arguments: Sendable {
    private var values: [String: String] = [:]
    private(set) var operands: [String] = []

    /// Takes `words` apart by the options that a command knows.
    ///
    /// `--name value` and `--name=value` mean the same; everything after `--` is an operand, as is a lone `-`.
    init(_ words: some Sequence<String>, options: [Option], operandLimit: Int) throws(UsageError) {
        var words = words.makeIterator()
        let known = options + [.help]
        var optionsEnded = false
        while let word = words.next() {
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                guard operands.count < operandLimit else { throw .unexpectedOperand(word) }
                operands.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else {
                let parts = (word == "-h" ? Option.help.name : word).split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(parts[0])
                guard let option = known.first(where: { $0.name == name }) else {
                    throw .unknownOption(name, nearest: Spelling.nearest(to: name, among: known.map(\.name)))
                }
                guard values[name] == nil else { throw .repeatedOption(name) }
                if let placeholder = option.value {
                    guard let value = parts.count == 2 ? String(parts[1]) : words.next() else {
                        throw .missingValue(option: name, value: placeholder)
                    }
                    values[name] = value
                } else {
                    guard parts.count == 1 else { throw .unexpectedValue(option: name) }
                    values[name] = ""
                }
            }
        }
    }

    /// Whether the command is to say what it does, and not do it.
    var wantsHelp: Bool { self[.help] != nil }

    /// The value given for the option; `nil` when it was not given.
    subscript(option: Option) -> String? { values[option.name] }

    /// The value of an option that is read as a `Content`; `nil` when it was not given.
    func value<Content>(
        of option: Option, expected: String, _ read: (String) -> Content?
    ) throws(UsageError) -> Content? {
        guard let text = self[option] else { return nil }
        guard let content = read(text) else {
            throw .badValue(option: option.name, value: text, expected: expected)
        }
        return content
    }
}
