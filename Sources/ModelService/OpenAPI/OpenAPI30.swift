import Modeling

/// An OpenAPI 3.1.0 contract of ours as OpenAPI 3.0.3 writes it.
///
/// 3.0.3 has a JSON Schema of its own: no type `null`, booleans for exclusive bounds, nothing beside a `$ref`, one
/// `example`, no `const`. What a contract may hold is what `openAPIDocument` writes.
func openAPI30(_ document: JSON) -> JSON {
    document.mapMembers { key, value in
        switch key {
        case "openapi": .string(ContractVersion.v30.rawValue)
        case "paths": value.mapMembers { _, path in path.mapMembers { _, operation in operation30(operation) } }
        case "components":
            value.mapMembers { kind, components in
                kind == "schemas" ? components.mapMembers { _, schema in schema30(schema) } : components
            }
        default: value
        }
    }
}

private func operation30(_ operation: JSON) -> JSON {
    operation.mapMembers { key, value in
        switch key {
        case "parameters": value.mapElements(withSchema30)
        case "requestBody": content30(value)
        case "responses": value.mapMembers { _, response in content30(response) }
        default: value
        }
    }
}

/// A request body or a response.
private func content30(_ body: JSON) -> JSON {
    body.mapMembers { key, value in
        key == "content" || key == "headers" ? value.mapMembers { _, media in withSchema30(media) } : value
    }
}

private func withSchema30(_ holder: JSON) -> JSON {
    holder.mapMembers { key, value in key == "schema" ? schema30(value) : value }
}

private func schema30(_ schema: JSON) -> JSON {
    guard let members = schema.object else { return schema }
    var result: [JSON.Member] = []
    for member in members {
        switch member.key {
        case "properties":
            result.append(JSON.Member(member.key, member.value.mapMembers { _, property in schema30(property) }))
        case "items", "additionalProperties", "not":
            result.append(JSON.Member(member.key, schema30(member.value)))
        case "allOf", "oneOf": result.append(JSON.Member(member.key, member.value.mapElements(schema30)))
        case "anyOf": result += alternatives30(member.value)
        case "const": result.append(JSON.Member("enum", [member.value]))
        case "examples":
            if let example = member.value.array?.first { result.append(JSON.Member("example", example)) }
        case "exclusiveMinimum": result += bound30(member.value, "minimum", "exclusiveMinimum", in: schema, >=)
        case "exclusiveMaximum": result += bound30(member.value, "maximum", "exclusiveMaximum", in: schema, <=)
        case "minimum" where schema["exclusiveMinimum"] != nil, "maximum" where schema["exclusiveMaximum"] != nil:
            break
        case "$ref" where members.count > 1:
            // Whatever stands beside a `$ref` is not read.
            result.append(JSON.Member("allOf", [["$ref": member.value]]))
        default: result.append(member)
        }
    }
    return .object(result)
}

/// Of an exclusive and an inclusive bound the narrower one, which is the one that 3.0.3 can write.
private func bound30(
    _ exclusive: JSON, _ keyword: String, _ flag: String, in schema: JSON, _ isNarrower: (Double, Double) -> Bool
) -> [JSON.Member] {
    if let inclusive = schema[keyword], let a = exclusive.finiteNumber, let b = inclusive.finiteNumber,
        !isNarrower(a, b)
    {
        return [JSON.Member(keyword, inclusive)]
    }
    return [JSON.Member(keyword, exclusive), JSON.Member(flag, true)]
}

/// An `anyOf` without the type `null`.
private func alternatives30(_ anyOf: JSON) -> [JSON.Member] {
    let all = anyOf.array ?? []
    let others = all.filter { $0 != ["type": "null"] }
    guard others.count < all.count else { return [JSON.Member("anyOf", anyOf.mapElements(schema30))] }
    guard others.count == 1, others[0]["type"] != nil else {
        // `nullable` counts only beside a `type`, which a reference does not have: null is an alternative of its own.
        let null: JSON = ["type": "string", "nullable": true, "enum": [.null]]
        return [JSON.Member("anyOf", .array(others.map(schema30) + [null]))]
    }
    var members = schema30(others[0]).object ?? []
    members.append(JSON.Member("nullable", true))
    return members.map { member in
        // Whoever lists the values has to list null.
        member.key == "enum" ? JSON.Member("enum", .array((member.value.array ?? []) + [.null])) : member
    }
}

extension JSON {
    fileprivate func mapMembers(_ change: (_ key: String, _ value: JSON) -> JSON) -> JSON {
        guard let members = object else { return self }
        return .object(members.map { Member($0.key, change($0.key, $0.value)) })
    }

    fileprivate func mapElements(_ change: (JSON) -> JSON) -> JSON {
        array.map { .array($0.map(change)) } ?? self
    }
}
