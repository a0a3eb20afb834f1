/// Where in a distributed trace a piece of work belongs (W3C Trace Context).
///
/// Of ``PredictionContext/trace`` the span is the one that is under way: what is asked of another service on its behalf
/// goes out with ``traceparent`` and ``state``.
public struct TraceContext: Hashable, Sendable {
    /// What all spans of a trace share: 128 bits, not all of them 0.
    public struct TraceID: Hashable, Sendable {
        /// The first 8 bytes.
        public let high: UInt64
        /// The last 8 bytes, which samplers look at.
        public let low: UInt64

        /// `nil` when both are 0.
        public init?(high: UInt64, low: UInt64) {
            guard high | low != 0 else { return nil }
            self.high = high
            self.low = low
        }
    }

    /// What one span of a trace is known by: 64 bits, not all of them 0.
    public struct SpanID: Hashable, Sendable {
        /// The 8 bytes.
        public let bits: UInt64

        /// `nil` for 0.
        public init?(bits: UInt64) {
            guard bits != 0 else { return nil }
            self.bits = bits
        }
    }

    /// What whoever began the trace says of it, in the bits of the header.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The byte that the header has as two digits.
        public let rawValue: UInt8

        /// Whoever asks may have recorded its span.
        public static let sampled = Flags(rawValue: 0x01)
        /// The last 7 bytes of the trace's id are random (level 2 of the recommendation).
        public static let random = Flags(rawValue: 0x02)

        /// The flags of a byte.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }
    }

    /// The trace.
    public let traceID: TraceID
    /// The span that is under way.
    public var spanID: SpanID
    /// Those that mean something; a receiver sets all others to 0.
    public let flags: Flags
    /// What tracing systems want handed on, as the `tracestate` header has it; `nil` for nothing.
    ///
    /// ```
    /// congo=t61rcWkgMzE,rojo=00f067aa0ba902b7
    /// ```
    public let state: String?

    /// - Parameter state: of the form of a `tracestate` header.
    package init(_ traceID: TraceID, _ spanID: SpanID, _ flags: Flags, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.state = state
    }

    /// Whether the trace's spans are to be kept.
    public var isSampled: Bool { flags.contains(.sampled) }
}

// MARK: The traceparent header

extension TraceContext {
    // Offsets of the four parts: version-traceid-parentid-flags, 00-<32 digits>-<16 digits>-<2 digits>.
    private static let traceOffset = 3
    private static let spanOffset = 36
    private static let flagsOffset = 53
    private static let byteCount = 55

    /// Reads a `traceparent` header (W3C Trace Context, section 3.2).
    ///
    /// Of a version later than this one what version 00 has is taken (section 4.3).
    ///
    /// - Parameters:
    ///   - traceparent: the header's value, without white space around it.
    ///   - tracestate: the values of all `tracestate` headers, joined by commas; dropped when they are malformed.
    /// - Returns: `nil` for a header that is malformed, which a receiver treats as none.
    package init?(traceparent: Span<UInt8>, tracestate: String? = nil) {
        guard traceparent.count >= Self.byteCount, let version = traceparent.hexadecimal(at: 0, count: 2),
            version != 0xFF, version > 0 || traceparent.count == Self.byteCount,
            // What a later version adds stands behind another dash.
            traceparent.count == Self.byteCount || traceparent[Self.byteCount] == UInt8(ascii: "-"),
            [Self.traceOffset, Self.spanOffset, Self.flagsOffset].allSatisfy({ traceparent.hasDash(before: $0) }),
            let high = traceparent.hexadecimal(at: Self.traceOffset, count: 16),
            let low = traceparent.hexadecimal(at: Self.traceOffset + 16, count: 16),
            let span = traceparent.hexadecimal(at: Self.spanOffset, count: 16),
            let flags = traceparent.hexadecimal(at: Self.flagsOffset, count: 2),
            let traceID = TraceID(high: high, low: low), let spanID = SpanID(bits: span)
        else { return nil }
        // Version 00 of level 2 has both; a later one means the first by the first bit and nobody knows what by others.
        let known: Flags = version == 0 ? [.sampled, .random] : .sampled
        self.init(
            traceID, spanID, Flags(rawValue: UInt8(flags)).intersection(known),
            state: tracestate.flatMap { TraceState.isValid($0) ? $0 : nil })
    }

    /// Reads a `traceparent` header, and what `tracestate` headers say beside it.
    ///
    /// - Returns: `nil` for a `traceparent` that is malformed, which a receiver treats as none.
    public init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8)
        self.init(traceparent: bytes.span, tracestate: tracestate)
    }

    /// The header of a request that this span makes.
    public var traceparent: String {
        String(unsafeUninitializedCapacity: Self.byteCount) { bytes in
            bytes.update(repeating: UInt8(ascii: "-"))
            bytes.write(0, digits: 2, at: 0)
            bytes.write(traceID.high, digits: 16, at: Self.traceOffset)
            bytes.write(traceID.low, digits: 16, at: Self.traceOffset + 16)
            bytes.write(spanID.bits, digits: 16, at: Self.spanOffset)
            bytes.write(UInt64(flags.rawValue), digits: 2, at: Self.flagsOffset)
            return Self.byteCount
        }
    }
}

extension TraceContext.TraceID: CustomStringConvertible {
    /// 32 hexadecimal digits, in lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 32) { bytes in
            bytes.write(high, digits: 16, at: 0)
            bytes.write(low, digits: 16, at: 16)
            return 32
        }
    }
}

extension TraceContext.SpanID: CustomStringConvertible {
    /// 16 hexadecimal digits, in lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 16) { bytes in
            bytes.write(bits, digits: 16, at: 0)
            return 16
        }
    }
}

extension Span<UInt8> {
    fileprivate func hasDash(before offset: Int) -> Bool { self[offset - 1] == UInt8(ascii: "-") }

    /// The number of up to 16 digits, of which letters are in lower case: the recommendation takes no others.
    fileprivate func hexadecimal(at start: Int, count: Int) -> UInt64? {
        var number: UInt64 = 0
        for index in start..<start + count {
            let digit: UInt8
            switch self[index] {
            case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): digit = byte - 0x30
            case let byte where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"): digit = byte - 0x57
            default: return nil
            }
            number = number << 4 | UInt64(digit)
        }
        return number
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func write(_ number: UInt64, digits: Int, at offset: Int) {
        let characters: StaticString = "0123456789abcdef"
        for index in 0..<digits {
            self[offset + index] = characters.utf8Start[Int(number >> (4 * UInt64(digits - 1 - index)) & 15)]
        }
    }
}
