import Artifacts
import Modeling

/// The body of `GET /api/models`: the models that have loaded, why others have not, and what the last reload came to.
func modelCollection(_ slots: [ModelSlot], _ reload: ReloadHistory.Entry?) -> JSON {
    var collection: [JSON.Member] = [
        .init("models", .array(slots.compactMap(\.model).map { .object(details($0.model)) }))
    ]
    let failures: [JSON] = slots.compactMap { slot in
        guard case .failed(let reason) = slot.state else { return nil }
        var members: [JSON.Member] = [.init("qualified_name", .string(slot.entry.qualifiedName))]
        if let version = slot.entry.version { members.append(.init("version", .string(version))) }
        return .object(members + [.init("messages", [.string(reason)])])
    }
    // Only when there is something to say, so that a healthy service answers what the reference does.
    if !failures.isEmpty { collection.append(.init("failed", .array(failures))) }
    if let reload {
        var members: [JSON.Member] = [
            .init("outcome", .string(reload.outcome.rawValue)), .init("time", .string("\(reload.time)")),
        ]
        if !reload.messages.isEmpty { members.append(.init("messages", .array(reload.messages.map(JSON.string)))) }
        collection.append(.init("reload", .object(members)))
    }
    return .object(collection)
}

/// The body of `GET /api/models/{model_qualified_name}/metadata`.
///
/// Of a model with decorators it has a member more, their names; of a model from a package another: which package, who
/// signed it, and when it was loaded.
func modelMetadata(_ loaded: LoadedModel, decorators: [DecoratorConfiguration]) -> JSON {
    let model = loaded.model
    var members = details(model)
    members.append(.init("input_schema", model.inputSchema.document))
    members.append(.init("output_schema", model.outputSchema.document))
    // Left out where there are none, so that such a model answers what the reference's does.
    if !decorators.isEmpty {
        // The names and nothing of their configuration, which has hosts and secrets.
        members.append(.init("decorators", .array(decorators.map { ["name": .string($0.name)] })))
    }
    if case .package(let package) = loaded.origin {
        members.append(.init("package", packageDocument(package, loaded)))
    }
    return .object(members)
}

private func packageDocument(_ package: PackageOrigin, _ loaded: LoadedModel) -> JSON {
    let provenance = package.provenance
    return [
        "location": .string(package.location),
        "parameters_version": .string(package.identity.parametersVersion),
        "sha256": .string("\(provenance.digest)"),
        "signed_by": provenance.signer.map { .string($0.keyID) } ?? .null,
        "algorithm": provenance.signer.map { .string($0.algorithm.rawValue) } ?? .null,
        "created": provenance.created.map { .string($0) } ?? .null,
        "loaded": .string("\(loaded.loadedAt)"),
        "loading_milliseconds": .integer(Int(milliseconds(loaded.loadingTime))),
    ]
}

private func details(_ model: any Model) -> [JSON.Member] {
    [
        .init("display_name", .string(model.displayName)),
        .init("qualified_name", .string(model.qualifiedName)),
        .init("description", .string(model.description)),
        .init("version", .string(model.version)),
    ]
}
