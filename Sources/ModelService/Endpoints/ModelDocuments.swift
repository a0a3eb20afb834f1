import Modeling

/// The body of `GET /api/models`: the models that have loaded, and why others have not.
func modelCollection(_ slots: [ModelSlot]) -> JSON {
    var collection: [JSON.Member] = [
        .init("models", .array(slots.compactMap(\.model).map { .object(details($0.model)) }))
    ]
    let failures: [JSON] = slots.compactMap { slot in
        guard case .failed(let reason) = slot.state else { return nil }
        return ["qualified_name": .string(slot.entry.qualifiedName), "messages": [.string(reason)]]
    }
    // Only when there is something to say, so that a healthy service answers what the reference does.
    if !failures.isEmpty { collection.append(.init("failed", .array(failures))) }
    return .object(collection)
}

/// The body of `GET /api/models/{model_qualified_name}/metadata`.
func modelMetadata(_ model: any Model) -> JSON {
    .object(
        details(model) + [
            .init("input_schema", model.inputSchema.document),
            .init("output_schema", model.outputSchema.document),
        ])
}

private func details(_ model: any Model) -> [JSON.Member] {
    [
        .init("display_name", .string(model.displayName)),
        .init("qualified_name", .string(model.qualifiedName)),
        .init("description", .string(model.description)),
        .init("version", .string(model.version)),
    ]
}
