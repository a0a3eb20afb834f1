internal import CZlib
internal import Modeling

/// A prediction as bytes that lie in a store which others write too, and may be lost, cut short or mixed up there.
///
/// ```
/// 0  version 1 │ 1 form: bit 0 MessagePack, bit 1 compressed (zlib, RFC 1950) │ 2 shape, 2 bytes
/// 4  bytes of the content, decompressed: 4 bytes
/// 8  CRC-32 of the key, bytes 0 ..< 8 and what follows byte 12: 4 bytes
/// 12 the content: JSON or MessagePack
/// ```
///
/// Numbers are little-endian. The shape is a position among the objects that the output may be. With the key in the
/// checksum, a value that was copied to another key is none. The checksum finds mistakes; who may write to the store may
/// also write predictions.
struct StoredRecord: Sendable {
    private static let version: UInt8 = 1
    private static let isMessagePack: UInt8 = 1
    private static let isCompressed: UInt8 = 2
    private static let headByteCount = 12

    /// The most bytes of a content, decompressed: 1 MiB.
    ///
    /// Longer predictions are not stored.
    static let maximumContentBytes = 1 << 20
    /// Below so many bytes nothing is compressed: 64.
    static let minimumCompressedBytes = 64

    private let form: RedisCachingDecorator.Form
    private let compresses: Bool
    private let shapes: [ObjectSchema]
    private let encoder: RecordEncoder
    private let decoders: [RecordDecoder]

    /// - Throws: when predictions of `schema` can't be written or read.
    init(_ schema: Schema, form: RedisCachingDecorator.Form, compresses: Bool) throws(SchemaError) {
        self.form = form
        self.compresses = compresses
        let shapes = try schema.alternatives()
        self.shapes = shapes
        encoder = try RecordEncoder(schema)
        decoders = try Self.decoders(shapes)
    }

    private static func decoders(_ shapes: [ObjectSchema]) throws(SchemaError) -> [RecordDecoder] {
        var decoders: [RecordDecoder] = []
        for shape in shapes { decoders.append(try RecordDecoder(shape, mode: .output)) }
        return decoders
    }

    // MARK: Writing

    /// The bytes to store under `key`.
    ///
    /// - Throws: ``OutputError`` for a record that the schema does not allow; ``StoredRecordError/tooLarge``.
    func bytes(of record: Record, key: [UInt8]) throws -> [UInt8] {
        guard
            let shape = shapes.firstIndex(where: { $0 === record.schema })
                ?? shapes.firstIndex(of: record.schema)
        else { throw OutputError.unknownSchema(record.schema.name) }
        var bytes: [UInt8] = [Self.version, form == .messagePack ? Self.isMessagePack : 0]
        append(UInt16(truncatingIfNeeded: shape), to: &bytes)
        bytes.append(contentsOf: repeatElement(0, count: Self.headByteCount - bytes.count))
        switch form {
        case .json: try encoder.encode(record, into: &bytes)
        case .messagePack:
            var writer = MessagePackWriter()
            try writer.write(record)
            bytes += writer.bytes
        }
        let count = bytes.count - Self.headByteCount
        guard count <= Self.maximumContentBytes else { throw StoredRecordError.tooLarge }
        replace(&bytes, at: 4, by: UInt32(count))
        if compresses, count >= Self.minimumCompressedBytes { compress(&bytes) }
        replace(&bytes, at: 8, by: checksum(of: bytes, key: key))
        return bytes
    }

    /// Replaces the content by a shorter one, if there is.
    private func compress(_ bytes: inout [UInt8]) {
        let content = bytes[Self.headByteCount...]
        let compressed = [UInt8](unsafeUninitializedCapacity: content.count) { buffer, count in
            var length = uLongf(buffer.count)
            let code = content.withUnsafeBufferPointer {
                compress2(buffer.baseAddress, &length, $0.baseAddress, uLong($0.count), Z_BEST_SPEED)
            }
            // Without room it would not be shorter.
            count = code == Z_OK ? Int(length) : 0
        }
        guard !compressed.isEmpty, compressed.count < content.count else { return }
        bytes.replaceSubrange(Self.headByteCount..., with: compressed)
        bytes[1] |= Self.isCompressed
    }

    // MARK: Reading

    /// The record that `bytes`, found under `key`, are.
    ///
    /// - Throws: ``StoredRecordError`` for everything that ``bytes(of:key:)`` does not write.
    func record(from bytes: [UInt8], key: [UInt8]) throws(StoredRecordError) -> Record {
        guard bytes.count > Self.headByteCount, bytes[0] == Self.version else { throw .malformed }
        guard number(in: bytes, at: 8, UInt32.self) == checksum(of: bytes, key: key) else { throw .malformed }
        let shape = Int(number(in: bytes, at: 2, UInt16.self))
        guard shapes.indices.contains(shape) else { throw .malformed }
        let content = try content(of: bytes)
        if bytes[1] & Self.isMessagePack != 0 {
            do throws(MessagePackError) {
                return try MessagePackReader.record(shapes[shape], from: content)
            } catch {
                throw .malformed
            }
        }
        var record = Record(shapes[shape])
        do throws(InputError) {
            try decoders[shape].decode(content.span.bytes, into: &record)
        } catch {
            throw .malformed
        }
        return record
    }

    private func content(of bytes: [UInt8]) throws(StoredRecordError) -> ArraySlice<UInt8> {
        let content = bytes[Self.headByteCount...]
        let count = Int(number(in: bytes, at: 4, UInt32.self))
        guard bytes[1] & Self.isCompressed != 0 else {
            guard count == content.count else { throw .malformed }
            return content
        }
        // No more memory than we would have written, whatever the head says.
        guard (1...Self.maximumContentBytes).contains(count) else { throw .malformed }
        let decompressed = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            var length = uLongf(count)
            let code = content.withUnsafeBufferPointer {
                uncompress(buffer.baseAddress, &length, $0.baseAddress, uLong($0.count))
            }
            written = code == Z_OK ? Int(length) : 0
        }
        guard decompressed.count == count else { throw .malformed }
        return decompressed[...]
    }

    // MARK: The head

    private func checksum(of bytes: [UInt8], key: [UInt8]) -> UInt32 {
        var sum = key.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
        bytes.withUnsafeBufferPointer {
            sum = crc32(sum, $0.baseAddress, 8)
            sum = crc32(sum, $0.baseAddress! + Self.headByteCount, UInt32($0.count - Self.headByteCount))
        }
        return UInt32(truncatingIfNeeded: sum)
    }

    private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private func replace(_ bytes: inout [UInt8], at position: Int, by number: UInt32) {
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: number.littleEndian, toByteOffset: position, as: UInt32.self) }
    }

    private func number<Number: FixedWidthInteger>(
        in bytes: [UInt8], at position: Int, _ type: Number.Type
    ) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: type)) }
    }
}

/// Why bytes are no prediction, or a prediction can't be stored.
enum StoredRecordError: Error, Hashable {
    case malformed
    case tooLarge
}
