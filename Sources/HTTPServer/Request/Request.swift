/// A request, as a handler sees it: views of bytes that are valid during the handler's call only.
package struct Request: ~Copyable, ~Escapable {
    /// What the client asks to do.
    ///
    /// A HEAD request reaches a handler of GET as ``Method/head``.
    package let method: Method
    /// The path with its percent-escapes decoded; `/` at least.
    ///
    /// A decoded slash looks like any other here.
    package let path: Span<UInt8>
    /// What follows the question mark, as it was sent; empty without one.
    package let query: Span<UInt8>
    /// The content, with the chunks joined; empty without any.
    package let body: RawSpan
    /// The digit after `HTTP/1.`.
    package let minorVersion: Int
    /// Whether the client wants to keep the connection.
    package let keepsAlive: Bool

    /// What the client calls the request (``RequestID``), or what it is called here; empty when it has no id.
    package let requestID: Span<UInt8>

    private let message: Span<UInt8>
    private let fields: Span<FieldLine>
    private let parameters: Span<ByteRange>

    @_lifetime(copy path, copy query, copy body, copy requestID, copy message, copy fields, copy parameters)
    init(
        _ head: borrowing RequestHead, path: Span<UInt8>, query: Span<UInt8>, body: RawSpan, requestID: Span<UInt8>,
        message: Span<UInt8>, fields: Span<FieldLine>, parameters: Span<ByteRange>
    ) {
        method = head.method
        self.path = path
        self.query = query
        self.body = body
        self.requestID = requestID
        minorVersion = Int(head.minorVersion)
        keepsAlive = head.keepsAlive
        self.message = message
        self.fields = fields
        self.parameters = parameters
    }

    /// How many parameters the route's template has.
    package var parameterCount: Int { parameters.count }

    /// The decoded segment of the path that stands for a parameter of the route's template, counted from 0.
    @_lifetime(copy self)
    package func parameter(_ index: Int) -> Span<UInt8> {
        path.extracting(parameters[index].range)
    }

    /// The value of the first field called `name`, in any case of letters, without the white space around it; `nil`
    /// when there is none.
    @_lifetime(copy self)
    package func field(_ name: StaticString) -> Span<UInt8>? {
        for index in fields.indices {
            if isField(index, called: name) { return message.extracting(fields[index].value.range) }
        }
        return nil
    }

    /// Whether a field in the order of arrival, counted from 0, is called `name`, in any case of letters.
    func isField(_ index: Int, called name: StaticString) -> Bool {
        let line = fields[index]
        guard line.name.count == name.utf8CodeUnitCount else { return false }
        return message.withUnsafeBufferPointer { message in
            equals(message.baseAddress! + Int(line.name.start), line.name.count, ignoringCase: name)
        }
    }

    /// How many fields the head has.
    package var fieldCount: Int { fields.count }

    /// The name of a field in the order of arrival, counted from 0.
    @_lifetime(copy self)
    package func fieldName(_ index: Int) -> Span<UInt8> {
        message.extracting(fields[index].name.range)
    }

    /// The value of a field in the order of arrival, counted from 0.
    @_lifetime(copy self)
    package func fieldValue(_ index: Int) -> Span<UInt8> {
        message.extracting(fields[index].value.range)
    }
}
