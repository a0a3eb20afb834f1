/// A document of nested objects and arrays, read once from front to back into what the caller makes of it: no tree of
/// values comes between.
///
/// Every read is checked against the end of the bytes, and nothing is allocated by a number that they declare.
protocol DocumentReader: ~Escapable {
    typealias Mistake = ModelFileError.Mistake

    /// Where the next value begins; reading goes on from there when it is set.
    var place: DocumentPlace { get set }

    mutating func openObject() throws(Mistake) -> DocumentContainer
    mutating func openArray() throws(Mistake) -> DocumentContainer

    /// The bytes of an object's next key, behind which its value comes, or `nil` behind the object.
    mutating func nextKey(_ container: inout DocumentContainer) throws(Mistake) -> Range<Int>?

    /// Whether an array has a next element, which comes then; else what follows the array comes.
    mutating func nextElement(_ container: inout DocumentContainer) throws(Mistake) -> Bool

    /// Whether the bytes of a key are those of `name`.
    func matches(_ key: Range<Int>, _ name: StaticString) -> Bool

    mutating func string() throws(Mistake) -> String

    /// An integer; `true` is 1 and `false` 0.
    mutating func integer() throws(Mistake) -> Int

    /// The nearest binary32 of a number.
    mutating func float() throws(Mistake) -> Float

    /// Passes a value of any kind.
    mutating func skip() throws(Mistake)

    /// Makes sure that nothing comes behind the last value.
    mutating func expectEnd() throws(Mistake)
}

/// A place in a document from which a value can be read.
struct DocumentPlace {
    var offset = 0
    /// The type of the value where its container says it; 0 where the value itself does.
    var type: UInt8 = 0
}

/// How far an open object or array was read.
struct DocumentContainer {
    /// How many members or elements still come, where the document says it.
    var remaining: Int?
    /// The type of them all, where the document says it; else 0.
    var type: UInt8 = 0
    /// Whether nothing was read yet.
    var isFresh = true
}

/// The limits of every document.
enum DocumentLimits {
    /// How many arrays and objects may be open at a time, 64.
    static let depth = 64
}
