import Artifacts
import Inference
import Modeling

extension Inspection {
    /// What a script reads: the same keys for every model of a format, `null` for what is not known.
    var json: JSON {
        var members: [JSON.Member] = [.init("path", .string(path))]
        if let package {
            let description = package.description
            members.append(
                .init(
                    "package",
                    [
                        "qualified_name": .string(description.qualifiedName),
                        "display_name": .string(description.displayName),
                        "description": .string(description.description),
                        "version": .string(description.version),
                        "parameters_version": .string(description.parametersVersion),
                        "parameters": .string(description.parametersPath),
                        "input": description.inputSchema.fields,
                        "output": description.outputSchema.fields,
                        "samples": package.sampleCount.json,
                    ]))
        }
        members.append(.init("format", .string(model.format.rawValue)))
        members.append(.init("bytes", .integer(model.byteCount)))
        switch model.content {
        case .ensemble(let ensemble): members += ensemble.members
        case .graph(let graph): members += graph.members
        }
        members.append(.init("error", model.refusal.json))
        return .object(members)
    }
}

extension String? {
    fileprivate var json: JSON { map { .string($0) } ?? .null }
}

extension Int? {
    fileprivate var json: JSON { map { .integer($0) } ?? .null }
}

extension ObjectSchema {
    fileprivate var fields: JSON {
        .array(
            properties.map { property in
                [
                    "name": .string(property.name), "type": .string(property.schema.summary),
                    "required": .boolean(property.isRequired), "nullable": .boolean(property.schema.isNullable),
                ]
            })
    }
}

extension EnsembleSummary {
    fileprivate var members: [JSON.Member] {
        [
            .init("encoding", encoding.json),
            .init("version", version.json),
            .init("booster", booster.json),
            .init("objective", objective.json),
            .init("prediction", prediction.json),
            .init("trees", (trees?.count).json),
            .init("leaves", (trees?.leafCount).json),
            .init("largest_tree_leaves", (trees?.largestLeafCount).json),
            .init("feature_count", featureCount.json),
            .init(
                "features",
                .array(
                    features.map { feature in
                        switch feature.kind {
                        case .number: ["name": feature.name.json, "categorical": false, "categories": .null]
                        case .category(let count):
                            ["name": feature.name.json, "categorical": true, "categories": count.json]
                        }
                    })),
            .init("outputs", outputCount.json),
            .init("classes", classCount.json),
            .init("layout", (trees?.layout.rawValue).json),
            .init("table_bytes", (trees?.tableByteCount).json),
        ]
    }
}

extension GraphSummary {
    fileprivate var members: [JSON.Member] {
        [
            .init("ir_version", irVersion.json),
            .init("producer", producer.json),
            .init("opsets", .object(opsets.map { .init($0.domain, .integer($0.version)) })),
            .init("inputs", .array(inputs.map(\.json))),
            .init("outputs", .array(outputs.map(\.json))),
            .init(
                "operators",
                .array(
                    operators.map {
                        ["name": .string($0.name), "nodes": .integer($0.count), "supported": .boolean($0.isSupported)]
                    })),
            .init("initializers", .integer(initializerCount)),
            .init("initializer_bytes", .integer(initializerByteCount)),
            .init("trees", (trees?.count).json),
            .init("leaves", (trees?.leafCount).json),
            .init("layouts", .array((trees?.layouts ?? []).map { .string($0.rawValue) })),
            .init("table_bytes", (trees?.tableByteCount).json),
            .init("run_bytes", runByteCount.json),
        ]
    }
}

extension GraphSummary.Value {
    fileprivate var json: JSON {
        ["name": .string(name), "type": type.json, "shape": shape.json]
    }
}
