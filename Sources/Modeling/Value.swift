/// One value of a ``Record``, in the form its schema gives it.
public enum Value: Sendable, Hashable {
    /// The field was not given and has no default.
    case absent
    /// JSON `null`, given or by default.
    case null
    /// JSON `true` or `false`.
    case boolean(Bool)
    /// A whole number, −2⁶³ ..< 2⁶³.
    case integer(Int)
    /// A binary64 number.
    case number(Double)
    /// A position in the ``Enumeration/values`` of the field's schema.
    case enumeration(Int)
    /// Text.
    case string(String)
    /// A list; every element has the form of the list's `items` schema.
    case array([Value])
    /// A nested object.
    case object(Record)
}
