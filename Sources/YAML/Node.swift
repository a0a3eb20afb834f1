/// One value of a YAML or JSON document and where it was written.
///
/// Aliases and merge keys (`<<`) have been resolved: such a node carries the position of what it was copied from.
package struct Node: Sendable, Hashable {
    /// The three kinds of values.
    package enum Content: Sendable, Hashable {
        case scalar(Scalar)
        case sequence([Node])
        /// In the document's order; no two keys have the same text.
        case mapping([Entry])
    }

    /// A key and its value.
    package struct Entry: Sendable, Hashable {
        /// Always a scalar.
        package let key: Node
        package let value: Node

        package init(key: Node, value: Node) {
            self.key = key
            self.value = value
        }

        /// The key's text.
        package var name: String { key.scalar?.text ?? "" }
    }

    package let content: Content
    package let position: Position

    package init(_ content: Content, at position: Position) {
        self.content = content
        self.position = position
    }

    package var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var sequence: [Node]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// Whether this has the same content as another node, wherever each is written.
    package func says(_ other: Node) -> Bool {
        switch (content, other.content) {
        case (.scalar(let one), .scalar(let other)): one == other
        case (.sequence(let one), .sequence(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.says($1) }
        case (.mapping(let one), .mapping(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.key.says($1.key) && $0.value.says($1.value) }
        default: false
        }
    }

    /// Whether this is `null`, `~` or nothing at all.
    package var isNull: Bool { scalar?.value == .null }

    /// The value of a mapping's key; nil for an absent key and for what is no mapping.
    package subscript(_ name: String) -> Node? {
        mapping?.first { $0.name == name }?.value
    }

    /// Builds another tree from this one, leaves first.
    ///
    /// Each closure is given the node it stands for, so that it may keep or report the position.
    package func fold<Tree, Failure: Error>(
        scalar: (Scalar, Node) throws(Failure) -> Tree,
        sequence: ([Tree], Node) throws(Failure) -> Tree,
        mapping: ([(name: String, value: Tree)], Node) throws(Failure) -> Tree
    ) throws(Failure) -> Tree {
        switch content {
        case .scalar(let value):
            return try scalar(value, self)
        case .sequence(let nodes):
            var trees: [Tree] = []
            for node in nodes {
                trees.append(try node.fold(scalar: scalar, sequence: sequence, mapping: mapping))
            }
            return try sequence(trees, self)
        case .mapping(let entries):
            var trees: [(name: String, value: Tree)] = []
            for entry in entries {
                let tree = try entry.value.fold(scalar: scalar, sequence: sequence, mapping: mapping)
                trees.append((entry.name, tree))
            }
            return try mapping(trees, self)
        }
    }
}
