import Glibc

extension Double {
    /// The number nearest to this one that has at most `places` decimals, as Python's `round` gives it: the exact
    /// binary value is rounded, and what lies exactly half-way goes to the even digit.
    ///
    /// - Parameter places: 0 ... ``maximumDecimalPlaces``.
    public func rounded(toPlaces places: Int) -> Double {
        precondition((0...Self.maximumDecimalPlaces).contains(places), "\(places) decimal places")
        guard isFinite else { return self }
        if let quick = roundedUnlessNearTie(places) { return quick }
        var text = [CChar](repeating: 0, count: Self.longestFixedNotation)
        // The C library prints the exact value, correctly rounded (C11 7.21.6.1, recommended practice).
        _ = withVaList([CInt(places), self]) { vsnprintf(&text, text.count, "%.*f", $0) }
        return strtod(text, nil)
    }

    /// The most decimals that ``rounded(toPlaces:)`` rounds to: a binary64 has no more that matter.
    public static let maximumDecimalPlaces = 17

    /// Sign, 309 digits, point, 17 decimals and the end, rounded up.
    private static let longestFixedNotation = 336

    /// The rounded number where one multiplication decides it: the product is off by less than 2⁻⁵³ of itself, so a
    /// product that is far from half-way and small enough to be an exact quotient's numerator settles the digits.
    private func roundedUnlessNearTie(_ places: Int) -> Double? {
        guard places < Self.exactPowersOfTen.count else { return nil }
        let scale = Self.exactPowersOfTen[places]
        let scaled = self * scale
        guard scaled.magnitude < 0x1p44 else { return nil }
        let whole = scaled.rounded(.toNearestOrEven)
        // 2⁻⁸ is more than the largest error of a product below 2⁴⁴ (2⁻¹⁰) and its distance to `whole`.
        guard (0.5 - (scaled - whole).magnitude) > 0x1p-8 else { return nil }
        return whole / scale
    }

    private static let exactPowersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
}
