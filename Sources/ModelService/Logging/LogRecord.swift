package import Modeling

/// One event, as the log tells it.
package struct LogRecord: Sendable {
    /// When it was logged.
    package let time: Timestamp
    package let level: LogLevel
    package let component: LogComponent
    /// What happened, for a person.
    package let message: String
    /// Facts beside the message, by name: ids first.
    package let fields: [JSON.Member]
    /// Facts that the message tells too, for programs: text leaves them out.
    package let said: [JSON.Member]

    package init(
        time: Timestamp = .now, level: LogLevel, component: LogComponent, message: String,
        fields: [JSON.Member] = [], said: [JSON.Member] = []
    ) {
        self.time = time
        self.level = level
        self.component = component
        self.message = message
        self.fields = fields
        self.said = said
    }
}
