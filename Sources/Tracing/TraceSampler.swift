package import Modeling

/// Decides which traces are kept: as whoever began one says, and a part of those that begin here.
///
/// OpenTelemetry's parent-based sampler around its ratio of the trace's id, so that services with the same ratio keep
/// the same traces.
package struct TraceSampler: Sendable {
    /// Ids below it are kept; `nil` for all.
    private let bound: UInt64?

    /// - Parameter ratio: the part that is kept, 0 to 1.
    package init(ratio: Double) {
        // 2^64 does not fit.
        let bound = (ratio * 0x1p64).rounded()
        self.bound = bound < 0x1p64 ? UInt64(max(bound, 0)) : nil
    }

    /// Whether a trace that begins here is kept.
    package func keeps(_ trace: TraceContext.TraceID) -> Bool { bound.map { trace.low < $0 } ?? true }
}
