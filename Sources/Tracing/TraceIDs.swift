internal import Modeling
internal import Synchronization

/// New ids for traces and spans: from any thread, without a lock and without asking the system.
///
/// Ids need to be rare, not secret: each word is a counter, mixed as SplitMix64 does (Steele, Lea and Flood, 2014), from a
/// random start.
final class TraceIDs: Sendable {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    private let traceSeeds = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    private let spanSeed = UInt64.random(in: .min ... .max)
    private let traces = Atomic<UInt64>(0)
    private let spans = Atomic<UInt64>(0)

    func trace() -> TraceContext.TraceID {
        while true {
            let number = Self.step &* traces.wrappingAdd(1, ordering: .relaxed).newValue
            let (high, low) = (Self.mix(traceSeeds.0 &+ number), Self.mix(traceSeeds.1 &+ number))
            if let id = TraceContext.TraceID(high: high, low: low) { return id }
        }
    }

    func span() -> TraceContext.SpanID {
        while true {
            let number = Self.step &* spans.wrappingAdd(1, ordering: .relaxed).newValue
            // One in 2^64 is 0.
            if let id = TraceContext.SpanID(bits: Self.mix(spanSeed &+ number)) { return id }
        }
    }

    private static func mix(_ state: UInt64) -> UInt64 {
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
