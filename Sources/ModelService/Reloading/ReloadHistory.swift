/// What a reload came to.
enum ReloadOutcome: String, CaseIterable, Sendable {
    /// Something else is served from now on.
    case succeeded
    /// There was nothing new.
    case unchanged
    /// What was served before is served on.
    case failed
}

/// The reloads of a service so far.
struct ReloadHistory: Sendable {
    /// One reload.
    struct Entry: Sendable {
        let outcome: ReloadOutcome
        let time = Timestamp()
        /// What went wrong; empty when nothing did.
        let messages: [String]
    }

    /// The latest; `nil` before the first.
    private(set) var last: Entry?
    /// When what is served was found to be what should be: when it was loaded, or at the last reload that did not
    /// fail; `nil` while the service starts.
    private(set) var upToDate: Timestamp?
    private var counts: [ReloadOutcome: Int] = [:]

    func count(_ outcome: ReloadOutcome) -> Int { counts[outcome, default: 0] }

    /// The service has loaded what it started with.
    mutating func started() { upToDate = Timestamp() }

    mutating func add(_ outcome: ReloadOutcome, _ messages: [String] = []) {
        let entry = Entry(outcome: outcome, messages: messages)
        counts[outcome, default: 0] += 1
        if outcome != .failed { upToDate = entry.time }
        last = entry
    }
}
