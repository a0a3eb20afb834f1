import Modeling

extension ContractComparison {
    /// What is said about a schema and allows or forbids nothing.
    private static let annotations: Set = [
        "title", "description", "default", "example", "examples", "deprecated", "$comment",
    ]

    mutating func compareComponents(_ a: JSON?, _ b: JSON?) {
        let directions = schemaDirections(old).merging(schemaDirections(new)) { $0.union($1) }
        for (name, a, b) in pairs(a, b) {
            switch (a, b) {
            case (let a?, let b?): compareSchemas(a, b, directions[name] ?? [], at: name)
            // Whoever refers to it has changed, too, and says whether that breaks.
            case (_?, nil): note(.removed, "component \(name)", breaking: false)
            default: note(.added, "component \(name)", breaking: false)
            }
        }
    }

    mutating func compareSchemas(_ a: JSON, _ b: JSON, _ direction: Direction, at place: String) {
        for key in ["title", "description", "example", "examples", "deprecated"] {
            compareMember(key, a[key], b[key], at: place, breaking: false)
        }
        // What is left out is answered for another value.
        compareMember("default", a["default"], b["default"], at: place, breaking: direction.contains(.input))
        var (a, b) = (Self.alternatives(a), Self.alternatives(b))
        // One name for several alternatives is no other schema than the alternatives.
        if a.count == 1, b.count > 1 { a = expanded(a[0], in: old) }
        if b.count == 1, a.count > 1 { b = expanded(b[0], in: new) }
        compareAlternatives(a, b, direction, at: place)
    }

    private func expanded(_ schema: JSON, in document: JSON) -> [JSON] {
        let alternatives = Self.alternatives(resolve(schema, in: document))
        return alternatives.count > 1 ? alternatives : [schema]
    }

    /// The schemas of which a value has to fit one, without what is said about them; one for most.
    ///
    /// `null` is always an alternative of its own, whichever OpenAPI says how.
    private static func alternatives(_ schema: JSON) -> [JSON] {
        var core = JSON.object((schema.object ?? []).filter { !annotations.contains($0.key) })
        // 3.0.3 allows nothing beside a reference, and wraps it.
        if let parts = core["allOf"]?.array, parts.count == 1, core.object?.count == 1 { return alternatives(parts[0]) }
        if let parts = core["anyOf"]?.array, core.object?.count == 1 { return parts.flatMap(alternatives) }
        guard core["nullable"] == true else { return [core] }
        core = .object(
            (core.object ?? []).compactMap { member in
                switch member.key {
                case "nullable": nil
                case "enum": JSON.Member("enum", .array((member.value.array ?? []).filter { $0 != .null }))
                default: member
                }
            })
        return core["enum"] == [] ? [["type": "null"]] : [core, ["type": "null"]]
    }

    private mutating func compareAlternatives(
        _ old: [JSON], _ new: [JSON], _ direction: Direction, at place: String
    ) {
        var (gone, left) = ([JSON](), new)
        for a in old {
            guard let index = left.firstIndex(where: { Self.isKindred(a, $0) }) else {
                gone.append(a)
                continue
            }
            compareAlternative(a, left.remove(at: index), direction, at: place)
        }
        if gone.count == 1, left.count == 1 { return compareAlternative(gone[0], left[0], direction, at: place) }
        for a in gone {
            note(
                .removed, place, "it can't be \(Self.name(a)) any more", breaking: direction.isBroken(by: .narrows))
        }
        for b in left {
            note(.added, place, "it can be \(Self.name(b)), too", breaking: direction.isBroken(by: .widens))
        }
    }

    private static func isKindred(_ a: JSON, _ b: JSON) -> Bool {
        a["$ref"] == b["$ref"] && a["type"] == b["type"]
    }

    private static func name(_ schema: JSON) -> String {
        if let reference = schema["$ref"]?.string { return reference.split(separator: "/").last.map(String.init) ?? "" }
        return schema["type"].map { text($0) } ?? text(schema)
    }

    private mutating func compareAlternative(_ a: JSON, _ b: JSON, _ direction: Direction, at place: String) {
        switch (a["$ref"]?.string, b["$ref"]?.string) {
        case (nil, nil): compareKeywords(a, b, direction, at: place)
        // Components are compared by name.
        case (let from?, let to?) where from == to: break
        case (let from, let to):
            // Two references may lead back here; in place, a schema has an end.
            if let from, let to, !followed.insert([from, to, "\(direction)"]).inserted { return }
            note(.changed, place, "was \(Self.name(a)), is \(Self.name(b))", breaking: depth == Self.maximumDepth)
            guard depth < Self.maximumDepth else { return }
            depth += 1
            compareSchemas(resolve(a, in: old), resolve(b, in: new), direction, at: place)
            depth -= 1
        }
    }

    /// How many changed references are followed one after the other, 16; past it a change is taken for a breaking one.
    private static var maximumDepth: Int { 16 }

    /// What a reference stands for; anything when it is nowhere.
    private func resolve(_ schema: JSON, in document: JSON) -> JSON {
        guard let reference = schema["$ref"]?.string else { return schema }
        return schemaName(reference).flatMap { document["components"]?["schemas"]?[$0] } ?? true
    }

    private mutating func compareKeywords(_ a: JSON, _ b: JSON, _ direction: Direction, at place: String) {
        func isBroken(_ effect: Effect) -> Bool { direction.isBroken(by: effect) }
        compareBounds(a, b, direction, at: place)
        compareProperties(a, b, direction, at: place)
        for (key, a, b) in pairs(a, b) {
            switch key {
            case _ where Self.isBound(key): break
            case "properties", "required": break
            case "type":
                let effect: Effect =
                    switch (a?.string, b?.string) {
                    case (nil, _), ("number", "integer"): .narrows
                    case (_, nil), ("integer", "number"): .widens
                    default: .unknown
                    }
                compareMember(key, a, b, at: place, breaking: isBroken(effect))
            case "enum": compareValues(a?.array, b?.array, direction, at: place)
            case "items": compareSchemas(a ?? true, b ?? true, direction, at: "\(place), items")
            case "additionalProperties" where (a ?? true) == true && (b ?? true) == true: break
            default: compareMember(key, a, b, at: place, breaking: isBroken(.unknown))
            }
        }
    }

    /// The values of an enumeration, in any order; `nil` allows all.
    private mutating func compareValues(_ a: [JSON]?, _ b: [JSON]?, _ direction: Direction, at place: String) {
        guard let a, let b else {
            return compareMember(
                "enum", a.map(JSON.array), b.map(JSON.array), at: place,
                breaking: direction.isBroken(by: a == nil ? .narrows : .widens))
        }
        for value in a where !b.contains(value) {
            note(.removed, place, "the value \(Self.text(value))", breaking: direction.isBroken(by: .narrows))
        }
        for value in b where !a.contains(value) {
            note(.added, place, "the value \(Self.text(value))", breaking: direction.isBroken(by: .widens))
        }
    }

    private mutating func compareProperties(_ a: JSON, _ b: JSON, _ direction: Direction, at place: String) {
        func required(_ schema: JSON) -> Set<String> { Set((schema["required"]?.array ?? []).compactMap(\.string)) }
        let (wasRequired, isRequired) = (required(a), required(b))
        for (name, a, b) in pairs(a["properties"], b["properties"]) {
            let place = "\(place).\(name)"
            switch (a, b) {
            case (let a?, let b?):
                compareSchemas(a, b, direction, at: place)
                if isRequired.contains(name), !wasRequired.contains(name) {
                    note(.changed, place, "required now", breaking: direction.isBroken(by: .narrows))
                } else if wasRequired.contains(name), !isRequired.contains(name) {
                    note(.changed, place, "optional now", breaking: direction.isBroken(by: .widens))
                }
            // What is sent is not heeded, or what was read is not there.
            case (_?, nil): note(.removed, place, breaking: !direction.isEmpty)
            default:
                // Callers pass over members that they don't know.
                let isNeeded = isRequired.contains(name)
                note(
                    .added, place, isNeeded ? "required" : "optional",
                    breaking: isNeeded && direction.contains(.input))
            }
        }
    }
}
