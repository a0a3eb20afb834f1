internal import Glibc

/// What answers a request.
///
/// It runs on the connection's event loop and must not block: what has to wait is left to
/// ``Response/complete(later:)``.
package typealias Handler = (borrowing Request, inout Response) -> Void

/// Finds the handler of a path and a method.
///
/// A router belongs to one event loop, where it was built: its handlers may share state that changes, without a lock.
package struct Router {
    private static let root: Int32 = 0
    private static let none: Int32 = -1

    /// One segment of the templates, as a tree.
    ///
    /// A node's children are a list: the first, and each one's next sibling.
    private struct Node {
        /// Where the literal is in `text`.
        var literal = ByteRange()
        var nextSibling = Router.none
        var firstChild = Router.none
        var parameterChild = Router.none
        /// Index in `handlers` by method.
        var handlers = InlineArray<11, Int32>(repeating: Router.none)
        var isResource = false
    }

    private var nodes = [Node()]
    private var text: [UInt8] = []
    private var handlers: [Handler] = []
    /// Method and template of each handler.
    private(set) var routes: [(method: Method, template: String)] = []

    /// A router without routes: everything is 404.
    package init() {}

    /// Answers `method` on the paths that fit `template` with `handler`.
    ///
    /// - Parameters:
    ///   - method: any but `CONNECT` and ``Method/other``. GET also answers HEAD, unless HEAD has a handler of its own;
    ///     OPTIONS is answered by itself unless it has one.
    ///   - template: a path whose segments are literals, decoded, or parameters that fit any segment:
    ///     `/api/models/{name}/metadata`. Literals win over parameters.
    ///   - handler: what answers.
    /// - Precondition: the template is well formed and has no handler for `method` yet.
    package mutating func on(_ method: Method, _ template: String, _ handler: @escaping Handler) {
        precondition(method != .other && method != .connect, "a route needs a method that the router knows")
        precondition(template.first == "/" && (template == "/" || template.last != "/"), "not a template: \(template)")
        var node = Self.root
        let segments = template.split(separator: "/")
        precondition(segments.count <= PathSegments.maximumDepth, "too deep: \(template)")
        for segment in segments {
            node = segment.first == "{" && segment.last == "}" ? parameterChild(of: node) : child(of: node, segment)
        }
        precondition(nodes[Int(node)].handlers[method.rawValue] == Self.none, "two handlers: \(method) \(template)")
        nodes[Int(node)].handlers[method.rawValue] = Int32(handlers.count)
        nodes[Int(node)].isResource = true
        handlers.append(handler)
        routes.append((method, template))
    }

    private mutating func parameterChild(of parent: Int32) -> Int32 {
        let existing = nodes[Int(parent)].parameterChild
        if existing != Self.none { return existing }
        nodes.append(Node())
        nodes[Int(parent)].parameterChild = Int32(nodes.count - 1)
        return Int32(nodes.count - 1)
    }

    private mutating func child(of parent: Int32, _ segment: Substring) -> Int32 {
        let literal = Array(segment.utf8)
        if let existing = literal.withUnsafeBufferPointer({ child(of: parent, named: $0) }) { return existing }
        var node = Node()
        node.literal = ByteRange(text.count, text.count + literal.count)
        node.nextSibling = nodes[Int(parent)].firstChild
        text.append(contentsOf: literal)
        nodes.append(node)
        nodes[Int(parent)].firstChild = Int32(nodes.count - 1)
        return Int32(nodes.count - 1)
    }

    private func child(of parent: Int32, named name: UnsafeBufferPointer<UInt8>) -> Int32? {
        var index = nodes[Int(parent)].firstChild
        while index != Self.none {
            let literal = nodes[Int(index)].literal
            if literal.count == name.count, matches(literal, name) { return index }
            index = nodes[Int(index)].nextSibling
        }
        return nil
    }

    private func matches(_ literal: ByteRange, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            guard let literals = text.baseAddress, let name = name.baseAddress else { return true }
            return memcmp(literals + Int(literal.start), name, literal.count) == 0
        }
    }

    // MARK: Looking up

    /// What a path and a method lead to.
    enum Match {
        /// Index for ``handler(_:)``; this many parameters were written.
        case handler(Int, parameterCount: Int)
        /// A resource without this method; which one, for ``allow(_:)``.
        case resource(Int)
        case nothing
    }

    /// The handler that a match names.
    @inline(__always)
    func handler(_ index: Int) -> Handler {
        handlers[index]
    }

    /// Looks a path up.
    ///
    /// - Parameters:
    ///   - segments: the path.
    ///   - method: the method.
    ///   - parameters: room for as many ranges as the path has segments.
    func match(
        _ segments: borrowing PathSegments, _ method: Method, parameters: UnsafeMutablePointer<ByteRange>
    ) -> Match {
        guard !segments.isUnroutable else { return .nothing }
        var resource = Self.none
        let match = match(Self.root, segments, 0, method, parameters, 0, &resource)
        if case .nothing = match, resource != Self.none { return .resource(Int(resource)) }
        return match
    }

    /// Follows literals before parameters, and comes back when they lead nowhere: O(2^depth) at worst, by templates
    /// that the program itself has registered.
    private func match(
        _ node: Int32, _ segments: borrowing PathSegments, _ depth: Int, _ method: Method,
        _ parameters: UnsafeMutablePointer<ByteRange>, _ parameterCount: Int, _ resource: inout Int32
    ) -> Match {
        if depth == segments.count {
            guard nodes[Int(node)].isResource else { return .nothing }
            if resource == Self.none { resource = node }
            var handler = nodes[Int(node)].handlers[method.rawValue]
            if handler == Self.none, method == .head { handler = nodes[Int(node)].handlers[Method.get.rawValue] }
            return handler == Self.none ? .nothing : .handler(Int(handler), parameterCount: parameterCount)
        }
        if let child = child(of: node, named: segments[depth]) {
            let match = match(child, segments, depth + 1, method, parameters, parameterCount, &resource)
            if case .handler = match { return match }
        }
        let child = nodes[Int(node)].parameterChild
        guard child != Self.none else { return .nothing }
        parameters[parameterCount] = segments.ranges[depth]
        return match(child, segments, depth + 1, method, parameters, parameterCount + 1, &resource)
    }

    /// The template of a resource.
    func template(of resource: Int) -> String {
        let handlers = nodes[resource].handlers
        let handler = handlers.indices.first { handlers[$0] != Self.none }
        // A resource has a handler.
        return routes[Int(handlers[handler!])].template
    }

    /// The methods of a resource, or of the whole server, as the `Allow` field lists them (RFC 9110 §10.2.1).
    func allow(_ resource: Int?) -> String {
        let methods = Method.allCases.filter { method in
            if method == .options { return true }
            return nodes.indices.contains(where: { index in
                guard resource == nil || resource == index else { return false }
                let handlers = nodes[index].handlers
                return handlers[method.rawValue] != Self.none
                    || method == .head && handlers[Method.get.rawValue] != Self.none
            })
        }
        return methods.map { "\($0.name)" }.joined(separator: ", ")
    }
}
