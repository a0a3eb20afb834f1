import Modeling

/// The service as an OpenAPI 3.1.0 contract: what is loaded now, and only what it really answers.
///
/// Paths, operation ids and component names are the reference service's. Members are in a fixed order, so that equal
/// services have equal contracts to the byte.
func openAPIDocument(_ slots: [ModelSlot], configuration: ServiceConfiguration) -> JSON {
    var components = SchemaDefinitions(
        prefix: "#/components/schemas/", writesNullDefaults: false, documents: serviceComponents)
    var paths = servicePaths(
        exampleName: slots.first { $0.model != nil }?.entry.qualifiedName,
        exampleVersion: slots.lazy.compactMap(\.entry.version).first)
    var operations: Set<String> = []
    for slot in slots {
        guard let model = slot.model, slot.entry.createEndpoint else { continue }
        for path in slot.entry.paths.map({ $0 + "/prediction" }) {
            var identifier = "PredictionController" + operationSuffix(path, method: "post")
            // Of other paths the same may be left: 1.0_0 and 1.0.0 are both 1_0_0.
            while !operations.insert(identifier).inserted { identifier += "_" }
            paths[path] = ["post": predictionOperation(model, called: identifier, components: &components)]
        }
    }
    return [
        "openapi": "3.1.0",
        "info": [
            "title": .string(configuration.serviceTitle),
            "description": .string(configuration.description),
            "version": .string(configuration.version),
        ],
        "paths": .object(paths.sorted { $0.key < $1.key }.map { JSON.Member($0, $1) }),
        "components": ["schemas": .object(components.members)],
    ]
}

private func predictionOperation(
    _ loaded: LoadedModel, called identifier: String, components: inout SchemaDefinitions
) -> JSON {
    let model = loaded.model
    let input = components.reference(to: model.inputSchema)
    let output = components.fragment(model.outputSchema)
    var content: [JSON.Member] = [JSON.Member("schema", input)]
    if let example = loaded.example { content.append(JSON.Member("example", example)) }
    return [
        "summary": "Predictioncontroller",
        "description": .string(model.description),
        "operationId": .string(identifier),
        "requestBody": ["content": ["application/json": .object(content)], "required": true],
        "responses": [
            "200": response("Successful Response", output),
            "400": errorResponse("The body is no JSON, does not fit the schema, or is refused by the model."),
            "413": errorResponse("The body is larger than the service takes."),
            "415": errorResponse("The body has a content coding."),
            "500": errorResponse("The prediction failed."),
            "503": unavailable(
                model.mayWait
                    ? "The model is loading, failed to load, has too much to do, or needs something that can't be had now."
                    : "The model is loading, or failed to load."),
        ],
    ]
}

/// The paths that every service has.
///
/// - Parameters:
///   - exampleName: a model's.
///   - exampleVersion: that of a model of which there are several; `nil` where there is none, and no path for it.
private func servicePaths(exampleName: String?, exampleVersion: String?) -> [String: JSON] {
    func get(
        _ function: String, _ path: String, summary: String, _ description: String, parameters: [JSON] = [],
        _ responses: JSON
    ) -> (String, JSON) {
        var operation: [JSON.Member] = [
            JSON.Member("summary", .string(summary)),
            JSON.Member("description", .string(description)),
            JSON.Member("operationId", .string(function + operationSuffix(path, method: "get"))),
        ]
        if !parameters.isEmpty { operation.append(JSON.Member("parameters", .array(parameters))) }
        operation.append(JSON.Member("responses", responses))
        return (path, ["get": .object(operation)])
    }
    func status(
        _ function: String, _ path: String, summary: String, _ description: String, _ schema: String
    ) -> (String, JSON) {
        get(
            function, path, summary: summary, description,
            [
                "200": response("Successful Response", reference(schema)),
                "503": response("Service Unavailable", reference(schema)),
            ])
    }
    func parameter(_ name: String, _ title: String, example: String?) -> JSON {
        var members: [JSON.Member] = [
            JSON.Member("name", .string(name)), JSON.Member("in", "path"), JSON.Member("required", true),
            JSON.Member("schema", ["title": .string(title), "type": "string"]),
        ]
        if let example { members.append(JSON.Member("example", .string(example))) }
        return .object(members)
    }
    func metadata(
        _ function: String, _ path: String, summary: String, _ description: String, parameters: JSON...
    ) -> (String, JSON) {
        get(
            function, path, summary: summary, description, parameters: parameters,
            [
                "200": response("Successful Response", reference("ModelMetadata")),
                "404": errorResponse("There is no such model."),
                "503": unavailable("The model is loading, or failed to load."),
            ])
    }
    let name = parameter("model_qualified_name", "Model Qualified Name", example: exampleName)
    var paths = [
        get(
            "get_root", "/", summary: "Get Root", "Redirects to the documentation at /docs.",
            [
                "307": [
                    "description": "Temporary Redirect",
                    "headers": ["Location": header("The documentation's path.", ["type": "string"])],
                ]
            ]),
        status(
            "health_check", "/api/health", summary: "Health Check",
            "Whether the process is well; 503 when a model failed to load.", "HealthStatusResponse"),
        status(
            "readiness_check", "/api/health/ready", summary: "Readiness Check",
            "Whether every model has loaded and the service takes predictions.", "ReadinessStatusResponse"),
        status(
            "startup_check", "/api/health/startup", summary: "Startup Check",
            "Whether every model has finished loading, well or not.", "StartupStatusResponse"),
        get(
            "get_models", "/api/models", summary: "Get Models",
            "The models that have loaded, with or without an endpoint, and why others have not.",
            ["200": response("Successful Response", reference("ModelDetailsCollection"))]),
        metadata(
            "get_model_metadata", "/api/models/{model_qualified_name}/metadata", summary: "Get Model Metadata",
            "Names and schemas of one model, whether or not it has an endpoint.", parameters: name),
    ]
    if let exampleVersion {
        paths.append(
            metadata(
                "get_model_version_metadata", "/api/models/{model_qualified_name}/versions/{version}/metadata",
                summary: "Get Model Version Metadata",
                "The same of one version of a model, where several are configured.",
                parameters: name, parameter("version", "Version", example: exampleVersion)))
    }
    return Dictionary(uniqueKeysWithValues: paths)
}

/// What FastAPI appends to a function's name to make an operation id: every character of the path that is no letter,
/// digit or underscore becomes an underscore.
private func operationSuffix(_ path: String, method: String) -> String {
    let name = path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return String(name) + "_" + method
}

private func response(_ description: String, _ schema: JSON) -> JSON {
    ["description": .string(description), "content": ["application/json": ["schema": schema]]]
}

private func errorResponse(_ description: String) -> JSON {
    response(description, reference("Error"))
}

/// An answer to who may come back.
private func unavailable(_ description: String) -> JSON {
    [
        "description": .string(description),
        "headers": [
            "Retry-After": header("Seconds until the client may ask again.", ["type": "integer", "minimum": 1])
        ],
        "content": ["application/json": ["schema": reference("Error")]],
    ]
}

private func header(_ description: String, _ schema: JSON) -> JSON {
    ["description": .string(description), "required": true, "schema": schema]
}

private func reference(_ name: String) -> JSON {
    ["$ref": .string("#/components/schemas/" + name)]
}
