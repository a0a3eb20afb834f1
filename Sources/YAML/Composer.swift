extension Node {
    /// Reads one YAML 1.2 or JSON document (UTF-8).
    ///
    /// Plain scalars are resolved by the core schema; aliases and merge keys (`<<`) are replaced by what they stand for.
    /// - Throws: ``YAMLError`` for the first mistake, a duplicate key and anything past a limit among them.
    package init(parsing text: Span<UInt8>, limits: Limits = Limits()) throws(YAMLError) {
        guard text.count <= limits.bytes else { throw .tooManyBytes(limit: limits.bytes) }
        self = try text.withUnsafeBufferPointer { (bytes) throws(YAMLError) in
            if let rewritten = joiningSurrogatePairs(bytes) {
                return try rewritten.span.withUnsafeBufferPointer { (bytes) throws(YAMLError) in
                    try Node(parsing: bytes, limits)
                }
            }
            return try Node(parsing: bytes, limits)
        }
    }

    private init(parsing text: UnsafeBufferPointer<UInt8>, _ limits: Limits) throws(YAMLError) {
        var reader = EventReader(text)
        var composer = Composer(limits: limits)
        while true {
            let event = try reader.next()
            if case .streamEnd = event.kind { break }
            try composer.take(event)
        }
        guard let root = composer.root else { throw .empty }
        self = root
    }
}

/// Builds the tree of one document from its events, within the limits.
private struct Composer {
    /// A sequence or mapping that has begun and not ended.
    struct Frame {
        let position: Position
        let anchor: String?
        let isMapping: Bool
        /// The count of nodes before this one, to know at its end how many it holds.
        let nodesBefore: Int
        /// Levels of sequences and mappings below this one.
        var height = 0
        var nodes: [Node] = []
        var entries: [Node.Entry] = []
        /// The key that waits for its value.
        var key: Node?
        var keys: [String: Position] = [:]
        /// The mappings of `<<`, the first one strongest.
        var merged: [Node] = []
    }

    /// What an alias may stand for.
    struct Anchored {
        let node: Node
        let height: Int
        let nodes: Int
    }

    let limits: Limits
    private(set) var root: Node?
    private var frames: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var nodes = 0
    private var aliases = 0
    private var hasDocument = false

    init(limits: Limits) {
        self.limits = limits
    }

    mutating func take(_ event: Event) throws(YAMLError) {
        switch event.kind {
        case .documentStart:
            guard !hasDocument else { throw .severalDocuments(at: event.position) }
            hasDocument = true
        case .scalar(let text, let tag, let isPlain, let anchor):
            try count(1, at: event.position)
            let scalar = try Scalar(text, tag: tag, isPlain: isPlain, at: event.position)
            let node = Node(.scalar(scalar), at: event.position)
            if let anchor { anchors[anchor] = Anchored(node: node, height: 0, nodes: 1) }
            try place(node, height: 0)
        case .alias(let name):
            try place(alias: name, at: event.position)
        case .sequenceStart(let tag, let anchor):
            try check(tag, is: "seq", at: event.position)
            try open(event.position, anchor: anchor, isMapping: false)
        case .mappingStart(let tag, let anchor):
            try check(tag, is: "map", at: event.position)
            try open(event.position, anchor: anchor, isMapping: true)
        case .collectionEnd:
            try close()
        case .streamEnd:
            break
        }
    }

    private mutating func open(_ position: Position, anchor: String?, isMapping: Bool) throws(YAMLError) {
        guard frames.count < limits.depth else { throw .tooDeep(limit: limits.depth, at: position) }
        let nodesBefore = nodes
        try count(1, at: position)
        frames.append(Frame(position: position, anchor: anchor, isMapping: isMapping, nodesBefore: nodesBefore))
    }

    private mutating func close() throws(YAMLError) {
        var frame = frames.removeLast()
        for entry in frame.merged.flatMap({ $0.mapping ?? [] }) {
            guard frame.keys.updateValue(entry.key.position, forKey: entry.name) == nil else { continue }
            frame.entries.append(entry)
        }
        let node = Node(frame.isMapping ? .mapping(frame.entries) : .sequence(frame.nodes), at: frame.position)
        let height = frame.height + 1
        if let anchor = frame.anchor {
            anchors[anchor] = Anchored(node: node, height: height, nodes: nodes - frame.nodesBefore)
        }
        try place(node, height: height)
    }

    private mutating func place(alias name: String, at position: Position) throws(YAMLError) {
        guard let anchored = anchors[name] else { throw .unknownAnchor(name, at: position) }
        aliases += 1
        guard aliases <= limits.aliases else { throw .tooManyAliases(limit: limits.aliases, at: position) }
        guard frames.count + anchored.height <= limits.depth else {
            throw .tooDeep(limit: limits.depth, at: position)
        }
        try count(anchored.nodes, at: position)
        try place(anchored.node, height: anchored.height)
    }

    /// Puts a finished node where it belongs: into the innermost collection, as element, key or value, or at the root.
    private mutating func place(_ node: Node, height: Int) throws(YAMLError) {
        guard let last = frames.indices.last else {
            root = node
            return
        }
        frames[last].height = max(frames[last].height, height)
        guard frames[last].isMapping else {
            frames[last].nodes.append(node)
            return
        }
        if let key = frames[last].key {
            frames[last].key = nil
            if key.scalar?.text == "<<", key.scalar?.isPlain == true {
                frames[last].merged = try Self.mergeSources(node)
            } else {
                frames[last].entries.append(Node.Entry(key: key, value: node))
            }
            return
        }
        guard let name = node.scalar?.text else { throw .keyIsNotScalar(at: node.position) }
        if let first = frames[last].keys.updateValue(node.position, forKey: name) {
            throw .duplicateKey(name, first: first, at: node.position)
        }
        frames[last].key = node
    }

    private static func mergeSources(_ node: Node) throws(YAMLError) -> [Node] {
        let sources = node.sequence ?? [node]
        guard sources.allSatisfy({ $0.mapping != nil }) else { throw .mergeIsNotMapping(at: node.position) }
        return sources
    }

    private mutating func count(_ added: Int, at position: Position) throws(YAMLError) {
        nodes += added
        guard nodes <= limits.nodes else { throw .tooManyNodes(limit: limits.nodes, at: position) }
    }

    private func check(_ tag: String?, is kind: String, at position: Position) throws(YAMLError) {
        guard let tag, tag != "!", tag != corePrefix + kind else { return }
        throw Scalar.coreKinds.contains(tag) ? .tagMismatch(tag, at: position) : .unknownTag(tag, at: position)
    }
}

/// What `!!` stands for.
private let corePrefix = "tag:yaml.org,2002:"

extension Scalar {
    fileprivate static let coreKinds = ["str", "null", "bool", "int", "float", "seq", "map"].map { corePrefix + $0 }

    fileprivate init(_ text: String, tag: String?, isPlain: Bool, at position: Position) throws(YAMLError) {
        guard let tag else {
            self.init(text, isPlain: isPlain)
            return
        }
        let value: Value
        switch (tag, resolve(text)) {
        case ("!", _), (corePrefix + "str", _): value = .string
        case (corePrefix + "null", .null): value = .null
        case (corePrefix + "bool", .bool(let bool)): value = .bool(bool)
        case (corePrefix + "int", .int(let int)): value = .int(int)
        case (corePrefix + "float", .float(let float)): value = .float(float)
        case (corePrefix + "float", .int(let int)): value = .float(Double(int))
        case (_, _) where Self.coreKinds.contains(tag): throw .tagMismatch(tag, at: position)
        default: throw .unknownTag(tag, at: position)
        }
        self.init(text, tagged: value)
    }
}
