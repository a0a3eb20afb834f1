/// A record of a file, as JSON.
struct RecordText: Hashable {
    /// The first line of the record, from 1.
    let line: Int
    let json: [UInt8]
}

/// The records of a file, in its order.
protocol RecordSource {
    /// How many bytes of the file have been taken.
    var byteCount: Int { get }
    /// The next record; `nil` at the end.
    mutating func next() throws -> RecordText?
}
