package import Modeling
import YAML

/// What has to change in `old` to become `new`, in the order of the documents; empty when they say the same.
///
/// A difference is breaking when a caller that runs today, written or generated from `old`, may fail with a service that
/// keeps to `new`. docs/contract.md has the rules. The order of members, of what is required and of an enumeration's
/// values says nothing.
package func contractDifferences(from old: JSON, to new: JSON) -> [ContractDifference] {
    var comparison = ContractComparison(old, new)
    comparison.compareDocuments()
    return comparison.differences
}

/// Walks two contracts side by side.
struct ContractComparison {
    /// What is for people, at any place.
    private static let annotations: Set = [
        "title", "description", "summary", "tags", "externalDocs", "deprecated", "example", "examples", "operationId",
    ]

    let old: JSON
    let new: JSON
    private(set) var differences: [ContractDifference] = []
    /// Pairs of references that are compared already, or just now.
    var followed: Set<[String]> = []
    /// How many references led to what is compared now.
    var depth = 0

    init(_ old: JSON, _ new: JSON) {
        self.old = old
        self.new = new
    }

    mutating func note(_ kind: ContractDifference.Kind, _ place: String, _ detail: String = "", breaking: Bool) {
        differences.append(
            ContractDifference(kind: kind, place: place, detail: detail, isBreaking: breaking))
    }

    /// Notes what is said of `key` at a place where this type knows nothing more about it.
    mutating func compareMember(_ key: String, _ a: JSON?, _ b: JSON?, at place: String, breaking: Bool = true) {
        guard !ContractComparison.equal(a, b) else { return }
        let isBreaking = breaking && !Self.annotations.contains(key) && !key.hasPrefix("x-")
        switch (a, b) {
        case (let a?, let b?):
            note(.changed, place, "\(key) was \(Self.text(a)), is \(Self.text(b))", breaking: isBreaking)
        case (let a?, nil): note(.removed, place, "\(key) \(Self.text(a))", breaking: isBreaking)
        case (nil, let b?): note(.added, place, "\(key) \(Self.text(b))", breaking: isBreaking)
        case (nil, nil): break
        }
    }

    static func equal(_ a: JSON?, _ b: JSON?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a.hasEqualContent(to: b)
        default: false
        }
    }

    /// The most characters of a value that a difference shows, 60.
    private static let longestText = 60

    static func text(_ json: JSON) -> String {
        if let string = json.string { return excerpt(string) }
        let text = "\(json)"
        return text.count > longestText ? text.prefix(longestText) + "…" : text
    }

    // MARK: The document

    fileprivate mutating func compareDocuments() {
        for (key, a, b) in pairs(old, new) {
            switch key {
            case "info":
                for (key, a, b) in pairs(a, b) { compareMember(key, a, b, at: "info", breaking: false) }
            case "openapi": compareMember(key, a, b, at: "the document", breaking: false)
            case "paths":
                for (path, a, b) in pairs(a, b) { comparePaths(path, a, b) }
            case "components":
                for (kind, a, b) in pairs(a, b) {
                    guard kind == "schemas" else {
                        compareMember(kind, a, b, at: key)
                        continue
                    }
                    compareComponents(a, b)
                }
            default: compareMember(key, a, b, at: "the document")
            }
        }
    }

    private mutating func comparePaths(_ path: String, _ a: JSON?, _ b: JSON?) {
        let methods: Set = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
        for (key, a, b) in pairs(a, b) {
            let place = "\(key.uppercased()) \(path)"
            switch (a, b) {
            case _ where !methods.contains(key): compareMember(key, a, b, at: path)
            case (let a?, let b?): compareOperations(a, b, at: place)
            case (_?, nil): note(.removed, place, breaking: true)
            default: note(.added, place, breaking: false)
            }
        }
    }

    private mutating func compareOperations(_ a: JSON, _ b: JSON, at place: String) {
        for (key, a, b) in pairs(a, b) {
            switch key {
            case "parameters": compareParameters(a, b, at: place)
            case "requestBody": compareRequestBodies(a, b, at: place)
            case "responses":
                for (status, a, b) in pairs(a, b) { compareResponses(status, a, b, at: place) }
            default: compareMember(key, a, b, at: place)
            }
        }
    }

    private mutating func compareParameters(_ a: JSON?, _ b: JSON?, at place: String) {
        func byName(_ parameters: JSON?) -> JSON {
            .object(
                (parameters?.array ?? []).map {
                    JSON.Member("\($0["in"]?.string ?? "") parameter \($0["name"]?.string ?? "")", $0)
                })
        }
        for (name, a, b) in pairs(byName(a), byName(b)) {
            let place = "\(place), \(name)"
            switch (a, b) {
            case (let a?, let b?): compareRequired(a, b, at: place)
            case (_?, nil): note(.removed, place, breaking: true)
            default: note(.added, place, breaking: b?["required"] == true)
            }
        }
    }

    private mutating func compareRequestBodies(_ a: JSON?, _ b: JSON?, at place: String) {
        let place = "\(place), body"
        switch (a, b) {
        case (let a?, let b?): compareRequired(a, b, at: place)
        case (_?, nil): note(.removed, place, breaking: true)
        default: note(.added, place, breaking: b?["required"] == true)
        }
    }

    /// A parameter or a request body, which may be left out unless it is required.
    private mutating func compareRequired(_ a: JSON, _ b: JSON, at place: String) {
        for (key, a, b) in pairs(a, b) {
            switch key {
            case "required":
                let (was, now) = (a == true, b == true)
                if was != now { note(.changed, place, now ? "required now" : "optional now", breaking: now) }
            case "schema": compareSchemas(a ?? true, b ?? true, .input, at: place)
            case "content": compareContent(a, b, .input, at: place)
            default: compareMember(key, a, b, at: place)
            }
        }
    }

    private mutating func compareResponses(_ status: String, _ a: JSON?, _ b: JSON?, at place: String) {
        let place = "\(place), \(status)"
        guard let a, let b else {
            // Any client has to expect an error; another success it can't know.
            let isBreaking = b == nil ? status.hasPrefix("2") : status.hasPrefix("2") || status.hasPrefix("3")
            return note(b == nil ? .removed : .added, place, breaking: isBreaking)
        }
        for (key, a, b) in pairs(a, b) {
            switch key {
            case "content": compareContent(a, b, .output, at: place)
            case "headers":
                for (name, a, b) in pairs(a, b) { compareHeaders(a, b, at: "\(place), \(name)") }
            default: compareMember(key, a, b, at: place)
            }
        }
    }

    private mutating func compareHeaders(_ a: JSON?, _ b: JSON?, at place: String) {
        guard let a, let b else { return note(b == nil ? .removed : .added, place, breaking: b == nil) }
        for (key, a, b) in pairs(a, b) {
            switch key {
            case "required":
                let (was, now) = (a == true, b == true)
                if was != now { note(.changed, place, now ? "always there now" : "may be absent now", breaking: was) }
            case "schema": compareSchemas(a ?? true, b ?? true, .output, at: place)
            default: compareMember(key, a, b, at: place)
            }
        }
    }

    private mutating func compareContent(_ a: JSON?, _ b: JSON?, _ direction: Direction, at place: String) {
        for (type, a, b) in pairs(a, b) {
            guard let a, let b else {
                // The service does not ask which type the caller would like.
                note(b == nil ? .removed : .added, place, type, breaking: b == nil || direction == .output)
                continue
            }
            for (key, a, b) in pairs(a, b) {
                guard key == "schema" else {
                    compareMember(key, a, b, at: place)
                    continue
                }
                compareSchemas(a ?? true, b ?? true, direction, at: place)
            }
        }
    }
}

/// The members of two objects by key: those of the first in its order, then what only the second has.
///
/// What is no object has no members.
func pairs(_ a: JSON?, _ b: JSON?) -> [(key: String, JSON?, JSON?)] {
    let (first, second) = (a?.object ?? [], b?.object ?? [])
    let values = Dictionary(second.map { ($0.key, $0.value) }) { first, _ in first }
    let known = Set(first.map(\.key))
    return first.map { ($0.key, $0.value, values[$0.key]) }
        + second.filter { !known.contains($0.key) }.map { ($0.key, nil, $0.value) }
}
