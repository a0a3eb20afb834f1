import Modeling

extension RecordDecoder {
    /// What a body decodes to: a record, or the messages of its errors.
    func outcome(_ body: String) throws(InputError) -> Record {
        try outcome(Array(body.utf8))
    }

    func outcome(_ body: [UInt8]) throws(InputError) -> Record {
        var record = Record(ObjectSchema("Other", properties: []))
        try decode(body.span.bytes, into: &record)
        return record
    }

    func messages(_ body: String) -> [String] {
        do {
            _ = try outcome(body)
            return []
        } catch {
            return error.messages
        }
    }
}
