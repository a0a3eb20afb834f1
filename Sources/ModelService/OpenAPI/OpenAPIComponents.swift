import Modeling

/// The schemas of what the service itself answers, by the reference's names.
let serviceComponents: [String: JSON] = [
    "Error": object(
        "Error", "Error details.",
        [text("type", "The type of error."), texts("messages", "List of error messages.")]),
    "HealthStatus": words("HealthStatus", "Health status of the service.", ["HEALTHY", "NOT_HEALTHY"]),
    "HealthStatusResponse": object(
        "HealthStatusResponse", "Health status response.", [component("health_status", "HealthStatus")]),
    "ReadinessStatus": words(
        "ReadinessStatus", "Readiness status of the service.", ["ACCEPTING_TRAFFIC", "REFUSING_TRAFFIC"]),
    "ReadinessStatusResponse": object(
        "ReadinessStatusResponse", "Readiness status response.", [component("readiness_status", "ReadinessStatus")]),
    "StartupStatus": words("StartupStatus", "Startup status of the service.", ["STARTED", "NOT_STARTED"]),
    "StartupStatusResponse": object(
        "StartupStatusResponse", "Startup status response.", [component("startup_status", "StartupStatus")]),
    "ModelDetails": object("ModelDetails", "Metadata of a model.", modelDetails),
    "ModelDetailsCollection": object(
        "ModelDetailsCollection", "Collection of model details.",
        [list("models", "Models that have loaded.", of: "ModelDetails")],
        optional: [
            list("failed", "Models that failed to load; absent when there are none.", of: "ModelFailure"),
            component("reload", "ModelReload"),
        ]),
    "ModelFailure": object(
        "ModelFailure", "Why a model is not there.",
        [text("qualified_name", "The qualified name of the model."), texts("messages", "What went wrong.")],
        optional: [text("version", "The version of the model; absent unless several are configured.")]),
    "ModelReload": object(
        "ModelReload", "The last time that models were loaded anew while the service ran; absent before the first.",
        [
            component("outcome", "ModelReloadOutcome"),
            text("time", "When that was, as RFC 3339 has it."),
        ],
        optional: [texts("messages", "What went wrong; absent when nothing did.")]),
    "ModelReloadOutcome": words(
        "ModelReloadOutcome",
        "What it came to: something else is served from then on, nothing had changed, or it failed and what was served"
            + " before is served on.",
        ReloadOutcome.allCases.map(\.rawValue)),
    "ModelMetadata": object(
        "ModelMetadata",
        "Metadata of a model, includes all information in ModelDetails plus input and output schemas of the model.",
        modelDetails + [
            schema("input_schema", "Input schema of a model, as a JSON Schema object."),
            schema("output_schema", "Output schema of a model, as a JSON Schema object."),
        ],
        optional: [
            list(
                "decorators",
                "What wraps the model, the innermost first; absent when there is nothing. The schemas are those of the"
                    + " outermost.",
                of: "ModelDecorator"),
            component("package", "ModelPackage"),
        ]),
    "ModelDecorator": object(
        "ModelDecorator", "One decorator of a model.",
        [text("name", "The last component of its class path in the configuration.")]),
    "ModelPackage": object(
        "ModelPackage", "The package that a model was loaded from; absent for a model that the server brings along.",
        [
            text("location", "Where the package was found."),
            text("parameters_version", "The version of the model's parameters."),
            text("sha256", "The digest of the package's content, in hexadecimal."),
            nullableText("signed_by", "The id of the key that signed the package; null when nobody did."),
            nullableText("algorithm", "How the package is signed; null when it is not."),
            nullableText("created", "When the package was signed, as RFC 3339 has it; null when nothing says."),
            text("loaded", "When the model was loaded, as RFC 3339 has it."),
            JSON.Member(
                "loading_milliseconds",
                [
                    "title": "Loading Milliseconds", "description": "How long the loading took.", "type": "integer",
                    "minimum": 1,
                ]),
        ]),
]

private let modelDetails = [
    text("display_name", "The display name of the model."),
    text("qualified_name", "The qualified name of the model."),
    text("description", "The description of the model."),
    text("version", "The version of the model."),
]

private func object(
    _ title: String, _ description: String, _ required: [JSON.Member], optional: [JSON.Member] = []
) -> JSON {
    [
        "title": .string(title), "description": .string(description), "type": "object",
        "properties": .object(required + optional), "required": .array(required.map { .string($0.key) }),
    ]
}

private func words(_ title: String, _ description: String, _ words: [String]) -> JSON {
    [
        "title": .string(title), "description": .string(description), "type": "string",
        "enum": .array(words.map(JSON.string)),
    ]
}

private func text(_ name: String, _ description: String) -> JSON.Member {
    JSON.Member(name, ["title": .string(title(name)), "description": .string(description), "type": "string"])
}

private func nullableText(_ name: String, _ description: String) -> JSON.Member {
    JSON.Member(
        name,
        [
            "title": .string(title(name)), "description": .string(description),
            "anyOf": [["type": "string"], ["type": "null"]],
        ])
}

private func texts(_ name: String, _ description: String) -> JSON.Member {
    JSON.Member(
        name,
        [
            "title": .string(title(name)), "description": .string(description), "type": "array",
            "items": ["type": "string"],
        ])
}

private func list(_ name: String, _ description: String, of component: String) -> JSON.Member {
    JSON.Member(
        name,
        [
            "title": .string(title(name)), "description": .string(description), "type": "array",
            "items": ["$ref": .string("#/components/schemas/" + component)],
        ])
}

private func component(_ name: String, _ component: String) -> JSON.Member {
    JSON.Member(name, ["$ref": .string("#/components/schemas/" + component)])
}

private func schema(_ name: String, _ description: String) -> JSON.Member {
    JSON.Member(
        name,
        [
            "title": .string(title(name)), "description": .string(description), "type": "object",
            "additionalProperties": true,
        ])
}

/// `qualified_name` as a title: `Qualified Name`.
private func title(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
}
