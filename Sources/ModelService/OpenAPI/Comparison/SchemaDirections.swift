import Modeling

/// Which way the values of each component schema go, by the operations that refer to it.
func schemaDirections(_ document: JSON) -> [String: Direction] {
    var directions: [String: Direction] = [:]
    for path in document["paths"]?.object ?? [] {
        for operation in path.value.object ?? [] {
            for member in operation.value.object ?? [] {
                let direction: Direction = member.key == "responses" ? .output : .input
                follow(member.value, direction, document, &directions)
            }
        }
    }
    return directions
}

/// Marks whatever `json` refers to, and what that refers to.
private func follow(_ json: JSON, _ direction: Direction, _ document: JSON, _ directions: inout [String: Direction]) {
    switch json {
    case .array(let elements):
        for element in elements { follow(element, direction, document, &directions) }
    case .object(let members):
        for member in members {
            guard member.key == "$ref", let name = member.value.string.flatMap(schemaName) else {
                follow(member.value, direction, document, &directions)
                continue
            }
            guard directions[name]?.contains(direction) != true else { continue }
            directions[name, default: []].formUnion(direction)
            if let component = document["components"]?["schemas"]?[name] {
                follow(component, direction, document, &directions)
            }
        }
    default: break
    }
}

/// The name in a reference to a component schema; `nil` for any other reference.
func schemaName(_ reference: String) -> String? {
    let prefix = "#/components/schemas/"
    return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : nil
}
