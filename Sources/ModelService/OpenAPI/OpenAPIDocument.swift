import Modeling

/// The service as an OpenAPI 3.1.0 contract: what is loaded now, and only what it really answers.
///
/// Paths, operation ids and component names are the reference service's. Members are in a fixed order, so that equal
/// services have equal contracts to the byte.
func openAPIDocument(_ slots: [ModelSlot], configuration: ServiceConfiguration) -> JSON {
    var components = SchemaDefinitions(
        prefix: "#/components/schemas/", writesNullDefaults: false, documents: serviceComponents)
    var paths = servicePaths
    for slot in slots {
        guard let model = slot.model, slot.entry.createEndpoint else { continue }
        let path = "/api/models/\(slot.entry.qualifiedName)/prediction"
        paths[path] = ["post": predictionOperation(model, path: path, components: &components)]
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

private func predictionOperation(_ loaded: LoadedModel, path: String, components: inout SchemaDefinitions) -> JSON {
    let model = loaded.model
    let input = components.reference(to: model.inputSchema)
    let output = components.fragment(model.outputSchema)
    var content: [JSON.Member] = [JSON.Member("schema", input)]
    if let example = loaded.example { content.append(JSON.Member("example", example)) }
    return [
        "summary": "Predictioncontroller",
        "description": .string(model.description),
        "operationId": .string("PredictionController" + operationSuffix(path, method: "post")),
        "requestBody": ["content": ["application/json": .object(content)], "required": true],
        "responses": [
            "200": response("Successful Response", output),
            "400": errorResponse("The body is no JSON, does not fit the schema, or is refused by the model."),
            "413": errorResponse("The body is larger than the service takes."),
            "415": errorResponse("The body has a content coding."),
            "500": errorResponse("The prediction failed."),
            "503": errorResponse(
                model.mayWait
                    ? "The model is loading, failed to load, or needs something that can't be had now."
                    : "The model is loading, or failed to load."),
        ],
    ]
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

private func reference(_ name: String) -> JSON {
    ["$ref": .string("#/components/schemas/" + name)]
}

/// The paths that every service has.
private let servicePaths: [String: JSON] = {
    func operation(_ function: String, _ path: String, summary: String, _ description: String, _ responses: JSON)
        -> JSON
    {
        [
            "get": [
                "summary": .string(summary),
                "description": .string(description),
                "operationId": .string(function + operationSuffix(path, method: "get")),
                "responses": responses,
            ]
        ]
    }
    func status(_ function: String, _ path: String, summary: String, _ description: String, _ schema: String) -> JSON {
        operation(
            function, path, summary: summary, description,
            [
                "200": response("Successful Response", reference(schema)),
                "503": response("Service Unavailable", reference(schema)),
            ])
    }
    var metadata = operation(
        "get_model_metadata", "/api/models/{model_qualified_name}/metadata", summary: "Get Model Metadata",
        "Names and schemas of one model, whether or not it has an endpoint.",
        [
            "200": response("Successful Response", reference("ModelMetadata")),
            "404": errorResponse("There is no such model."),
            "503": errorResponse("The model is loading, or failed to load."),
        ])
    if case .object(var members) = metadata, case .object(var operation) = members[0].value {
        operation.insert(
            JSON.Member(
                "parameters",
                [
                    [
                        "name": "model_qualified_name", "in": "path", "required": true,
                        "schema": ["title": "Model Qualified Name", "type": "string"],
                    ]
                ]), at: 3)
        members[0].value = .object(operation)
        metadata = .object(members)
    }
    return [
        "/": [
            "get": [
                "summary": "Get Root",
                "description": "Redirects to the documentation at /docs.",
                "operationId": "get_root__get",
                "responses": ["307": ["description": "Temporary Redirect"]],
            ]
        ],
        "/api/health": status(
            "health_check", "/api/health", summary: "Health Check",
            "Whether the process is well; 503 when a model failed to load.", "HealthStatusResponse"),
        "/api/health/ready": status(
            "readiness_check", "/api/health/ready", summary: "Readiness Check",
            "Whether every model has loaded and the service takes predictions.", "ReadinessStatusResponse"),
        "/api/health/startup": status(
            "startup_check", "/api/health/startup", summary: "Startup Check",
            "Whether every model has finished loading, well or not.", "StartupStatusResponse"),
        "/api/models": operation(
            "get_models", "/api/models", summary: "Get Models",
            "The models that have loaded, with or without an endpoint, and why others have not.",
            ["200": response("Successful Response", reference("ModelDetailsCollection"))]),
        "/api/models/{model_qualified_name}/metadata": metadata,
    ]
}()
