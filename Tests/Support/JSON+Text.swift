package import Modeling

extension JSON {
    /// The value that `text` writes.
    package init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8).span.bytes)
    }
}
