/// What a document may cost before it is refused.
package struct Limits: Sendable, Hashable {
    /// Bytes of the document, and bytes that the environment's variables may add to it; default 1 MiB.
    package var bytes = 1_048_576
    /// Scalars, sequences and mappings, keys included, with every alias counted as the nodes it stands for.
    ///
    /// Default 100,000. Aliases of aliases multiply, so this is what ends a "billion laughs".
    package var nodes = 100_000
    /// Sequences and mappings inside each other; default 64.
    package var depth = 64
    /// Aliases (`*name`); default 1,000.
    package var aliases = 1_000

    package init() {}
}
