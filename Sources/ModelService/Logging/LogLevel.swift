/// How much is logged, from most to least.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error
    case critical

    package static func < (lhs: LogLevel, rhs: LogLevel) -> Bool { lhs.severity < rhs.severity }

    /// Python's number for the level.
    var severity: Int {
        switch self {
        case .debug: 10
        case .info: 20
        case .warning: 30
        case .error: 40
        case .critical: 50
        }
    }

    /// Takes the name in any case, and Python's other names and numbers: `WARN`, `FATAL`, `NOTSET`, `20`.
    package init?(named name: String) {
        let name = name.lowercased()
        switch name {
        case "warn": self = .warning
        case "fatal": self = .critical
        case "notset", "0": self = .debug
        default:
            guard let level = Self.allCases.first(where: { $0.rawValue == name || String($0.severity) == name }) else {
                return nil
            }
            self = level
        }
    }
}
