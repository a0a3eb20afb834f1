/// Numbers as a person reads them at a glance: about three digits, and a unit.
enum Quantity {
    /// What there is no number for.
    static let none = "-"

    /// `210 µs`, `1.25 ms`, `2.10 s`.
    static func duration(_ seconds: Double) -> String {
        // As they are rounded to three digits, so that none says 1000 of a unit.
        if seconds < 0.0009995 { return "\(digits(seconds * 1e6)) µs" }
        return seconds < 0.9995 ? "\(digits(seconds * 1e3)) ms" : "\(digits(seconds)) s"
    }

    static func duration(_ quantile: HistogramIncrease.Quantile?) -> String {
        switch quantile {
        case .about(let seconds): duration(seconds)
        case .above(let seconds): ">\(duration(seconds))"
        case nil: none
        }
    }

    /// How many a second: `0`, `0.25`, `12.3`, `12345`, `123k`.
    static func rate(_ rate: Double) -> String {
        if rate == 0 { return "0" }
        if rate < 0.005 { return "<0.01" }
        return rate < 99_999.5 ? digits(rate) : "\(digits(rate / 1e3))k"
    }

    /// `25.3 MiB`.
    static func bytes(_ count: Double) -> String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where count >= Double(size) {
            return "\(decimal(count / Double(size), places: 1)) \(unit)"
        }
        return "\(decimal(count, places: 0)) bytes"
    }

    /// `87.2 %` of 0.872.
    static func percent(_ share: Double) -> String { "\(decimal(share * 100, places: 1)) %" }

    /// `12 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h`.
    static func age(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return none }
        let seconds = Int(seconds)
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        if days > 0 { return "\(days) d \(hours % 24) h" }
        if hours > 0 { return "\(hours) h \(minutes % 60) min" }
        return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
    }

    static func count(_ value: Double) -> String { decimal(value, places: 0) }

    /// With two, one or no decimal places, so that there are three digits at least.
    private static func digits(_ value: Double) -> String {
        decimal(value, places: value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }

    private static func decimal(_ value: Double, places: Int) -> String {
        let scale = places == 0 ? 1 : places == 1 ? 10 : 100
        let scaled = (value * Double(scale)).rounded()
        // A service may say anything.
        guard let units = Int(exactly: scaled) else { return none }
        guard places > 0 else { return "\(units)" }
        let sign = units < 0 ? "-" : ""
        let rest = String(units.magnitude % UInt(scale))
        let zeros = String(repeating: "0", count: places - rest.count)
        return "\(sign)\(units.magnitude / UInt(scale)).\(zeros)\(rest)"
    }
}
