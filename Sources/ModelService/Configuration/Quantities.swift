internal import Modeling
internal import YAML

extension Expected<Int> {
    /// A size in bytes: a number, or one with a unit: `B`, `kB`, `MB`, `GB` by 1000, `KiB`, `MiB`, `GiB` by 1024 (also as
    /// Kubernetes writes them: `k`, `M`, `G`, `Ki`, `Mi`, `Gi`).
    static func byteCount(in range: ClosedRange<Int>) -> Expected {
        Expected(.byteCount(in: range), write: { .string(size($0)) }) { cursor in
            if case .int(let bytes) = cursor.node.scalar?.typedValue { return bytes }
            if let text = cursor.node.scalar?.text, let bytes = parseBytes(text) { return bytes }
            cursor.refuse("must be a size, such as 65536, 64KiB or 1MiB")
            return nil
        }.checked {
            range.contains($0) ? nil : "must be \(size(range.lowerBound)) to \(size(range.upperBound))"
        }
    }
}

private let byteUnits: [String: Int] = [
    "B": 1, "k": 1_000, "kB": 1_000, "KB": 1_000, "M": 1_000_000, "MB": 1_000_000, "G": 1_000_000_000,
    "GB": 1_000_000_000, "Ki": 1_024, "KiB": 1_024, "Mi": 1_048_576, "MiB": 1_048_576, "Gi": 1_073_741_824,
    "GiB": 1_073_741_824,
]

private func parseBytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text[digits.endIndex...].drop { $0 == " " }
    guard let number = Int(digits), let factor = byteUnits[String(unit)] else { return nil }
    let product = number.multipliedReportingOverflow(by: factor)
    return product.overflow ? nil : product.partialValue
}

extension Shape {
    fileprivate static func byteCount(in range: ClosedRange<Int>) -> Shape {
        let units = byteUnits.keys.sorted().joined(separator: "|")
        return .scalar(
            ScalarShape(
                ["integer", "string"],
                keywords: [
                    .init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound)),
                ],
                pattern: "^[0-9]+ *(\(units))$",
                remark: "Bytes, or a number with a unit such as 64KiB, 1MiB (1024) or 1MB (1000);"
                    + " \(size(range.lowerBound)) to \(size(range.upperBound))."))
    }

    fileprivate static func duration(in range: ClosedRange<Duration>) -> Shape {
        let number = #"([0-9]+\.?[0-9]*|\.[0-9]+)"#
        return .scalar(
            ScalarShape(
                ["number", "string"],
                keywords: [
                    .init("minimum", .number(range.lowerBound / .seconds(1))),
                    .init("maximum", .number(range.upperBound / .seconds(1))),
                ],
                pattern: "^(\(number)(\(secondsByUnit.keys.sorted().joined(separator: "|"))))+$",
                remark: "Seconds, or numbers with units such as 250ms, 1.5s or 1m30s;"
                    + " \(time(range.lowerBound)) to \(time(range.upperBound))."))
    }
}

/// A size as a person writes it.
private func size(_ bytes: Int) -> String {
    for (unit, factor) in [("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1_024)]
    where bytes >= factor && bytes % factor == 0 {
        return "\(bytes / factor)\(unit)"
    }
    return "\(bytes)"
}

extension Expected<Duration> {
    /// A time: a number of seconds, or numbers with the units `ms`, `s`, `m`, `h` as Go and Kubernetes write them:
    /// `250ms`, `1.5s`, `1m30s`.
    ///
    /// Kept to the microsecond.
    static func duration(in range: ClosedRange<Duration>) -> Expected {
        Expected(.duration(in: range), write: { .string(time($0)) }) { cursor in
            let seconds: Double? =
                switch cursor.node.scalar?.typedValue {
                case .int(let value): Double(value)
                case .float(let value): value
                default: cursor.node.scalar.flatMap { parseSeconds($0.text) }
                }
            guard let seconds, abs(seconds) <= longestSeconds else {
                cursor.refuse("must be a time, such as 30 (seconds), 250ms, 1.5s or 2m")
                return nil
            }
            return .microseconds(Int64((seconds * 1e6).rounded()))
        }.checked {
            range.contains($0) ? nil : "must be \(time(range.lowerBound)) to \(time(range.upperBound))"
        }
    }
}

/// Far past every limit, and far from what overflows 64 bits of microseconds.
private let longestSeconds = 1e9

private let secondsByUnit: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600]

private func parseSeconds(_ text: String) -> Double? {
    var total = 0.0
    var rest = Substring(text)
    repeat {
        let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = rest[number.endIndex...].prefix { $0.isLetter }
        guard let value = Double(number), let factor = secondsByUnit[String(unit)] else { return nil }
        total += value * factor
        rest = rest[unit.endIndex...]
    } while !rest.isEmpty
    return total
}

/// A time as a person writes it.
private func time(_ duration: Duration) -> String {
    for (unit, factor) in [("h", 3_600), ("m", 60), ("s", 1)] as [(String, Int64)] {
        let (seconds, fraction) = duration.components
        if fraction == 0, seconds >= factor, seconds % factor == 0 { return "\(seconds / factor)\(unit)" }
    }
    return "\(Int(duration / .milliseconds(1)))ms"
}
