import HTTPServer
import Modeling

extension Request {
    /// What the `traceparent` and `tracestate` fields say (W3C Trace Context); `nil` without a `traceparent`, and for
    /// one that is malformed or there twice.
    var trace: TraceContext? {
        var parent: Int?
        for index in 0..<fieldCount where fieldName(index).equals("traceparent") {
            guard parent == nil else { return nil }
            parent = index
        }
        guard let parent else { return nil }
        return TraceContext(traceparent: fieldValue(parent), tracestate: traceState)
    }

    /// All `tracestate` fields as one (RFC 9110 §5.3); `nil` without any.
    private var traceState: String? {
        var bytes: [UInt8] = []
        for index in 0..<fieldCount where fieldName(index).equals("tracestate") {
            let value = fieldValue(index)
            guard bytes.count <= TraceState.maximumBytes else { return nil }
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            value.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
