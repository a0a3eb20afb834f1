import YAML

/// Parses a text, with small limits where a test gives them.
func parse(_ text: String, limits: Limits = Limits()) throws(YAMLError) -> Node {
    try Node(parsing: Array(text.utf8).span, limits: limits)
}

/// The error that a text is refused with; nil when it is taken.
func refusal(_ text: String, limits: Limits = Limits()) -> YAMLError? {
    do throws(YAMLError) {
        _ = try parse(text, limits: limits)
        return nil
    } catch {
        return error
    }
}
