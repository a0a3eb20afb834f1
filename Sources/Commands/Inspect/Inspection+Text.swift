import Artifacts
import Inference
import Modeling

extension Inspection {
    /// What a person reads.
    var text: String {
        var table = FactTable()
        if let package { table.add(package) }
        table.add(model, name: package?.description.parametersPath)
        return ([printable(path)] + table.lines).joined(separator: "\n")
    }
}

/// The most features, 64, that are listed; of more, the first ones.
private let listedFeatures = 64

/// A text of a file on a terminal: what controls one is replaced.
private func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isControl) else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { scalars.append(scalar.isControl ? "\u{FFFD}" : scalar) }
    return String(scalars)
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}

/// `1 tree`, `2 trees`.
private func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `12.3 KiB`.
private func size(_ byteCount: Int) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where byteCount >= size {
        let tenths = (byteCount * 10 + size / 2) / size
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return count(byteCount, "byte")
}

extension FactTable {
    fileprivate mutating func add(_ package: Inspection.Package) {
        let description = package.description
        add(
            "package",
            printable(
                "\(description.qualifiedName) \(description.version), parameters \(description.parametersVersion)"))
        add("name", printable(description.displayName))
        add("about", printable(description.description))
        add("input", fields: description.inputSchema)
        add("output", fields: description.outputSchema)
        add("samples", package.sampleCount.map(String.init) ?? "none")
    }

    private mutating func add(_ label: String, fields schema: ObjectSchema) {
        add(
            label,
            rows: schema.properties.map { property in
                let remarks = [property.isRequired ? nil : "optional", property.schema.isNullable ? "nullable" : nil]
                let kind = ([property.schema.summary] + remarks.compactMap(\.self)).joined(separator: ", ")
                return [printable(property.name), printable(kind)]
            })
    }

    fileprivate mutating func add(_ model: ModelFileSummary, name: String?) {
        if let name { add("parameters", printable(name)) }
        switch model.content {
        case .ensemble(let ensemble): add(ensemble, model)
        case .graph(let graph): add(graph, model)
        }
    }

    private mutating func add(_ ensemble: EnsembleSummary, _ model: ModelFileSummary) {
        let library = model.format == .lightGBM ? "LightGBM" : "XGBoost"
        let format = [library, ensemble.encoding, ensemble.version].compactMap(\.self).joined(separator: " ")
        add("format", printable("\(format), \(size(model.byteCount))"))
        if let booster = ensemble.booster { add("booster", printable(booster)) }
        if let objective = ensemble.objective { add("objective", printable(objective)) }
        if let prediction = ensemble.prediction { add("predicts", prediction) }
        if let trees = ensemble.trees {
            add("trees", "\(trees.count)")
            add("leaves", "\(trees.leafCount), at most \(trees.largestLeafCount) in a tree")
        }
        add(featuresOf: ensemble)
        if let outputs = ensemble.outputCount {
            add("outputs", "\(outputs)" + (ensemble.classCount.map { " for \($0) classes" } ?? ""))
        }
        if let trees = ensemble.trees {
            add("layout", "\(trees.layout.name), \(size(trees.tableByteCount)) of tables")
        }
    }

    private mutating func add(featuresOf ensemble: EnsembleSummary) {
        guard let featureCount = ensemble.featureCount else { return }
        let categorical = ensemble.features.count { $0.kind != .number }
        var remarks: [String] = []
        if categorical > 0 { remarks.append("\(categorical) of them categorical") }
        let isNamed = ensemble.features.contains { $0.name != nil }
        if !ensemble.features.isEmpty, !isNamed { remarks.append("without names") }
        add("features", ([String(featureCount)] + remarks).joined(separator: ", "))
        let shown = ensemble.features.enumerated().filter { isNamed || $1.kind != .number }
        var list = shown.prefix(listedFeatures).map { index, feature in
            let name = feature.name.map(printable) ?? "feature \(index)"
            return switch feature.kind {
            case .number: name
            case .category(let number?): "\(name) (\(count(number, "category", "categories")))"
            case .category(nil): "\(name) (categories)"
            }
        }
        if shown.count > list.count { list.append("and \(shown.count - list.count) more") }
        add("", list: list)
    }

    private mutating func add(_ graph: GraphSummary, _ model: ModelFileSummary) {
        let version = graph.irVersion.map { " IR \($0)" } ?? ""
        add("format", "ONNX\(version), \(size(model.byteCount))")
        if let producer = graph.producer { add("producer", printable(producer)) }
        add("opsets", list: graph.opsets.map { printable("\($0.domain) \($0.version)") })
        add("inputs", rows: graph.inputs.map(\.cells))
        add("outputs", rows: graph.outputs.map(\.cells))
        let nodes = graph.operators.reduce(0) { $0 + $1.count }
        add("operators", "\(graph.operators.count) in \(count(nodes, "node"))")
        add("", list: graph.operators.map { printable($0.count == 1 ? $0.name : "\($0.name) × \($0.count)") })
        add("missing", list: graph.operators.filter { !$0.isSupported }.map { printable($0.name) })
        if graph.initializerCount > 0 {
            let tensors = count(graph.initializerCount, "initializer")
            add("constants", "\(tensors), \(size(graph.initializerByteCount))")
        }
        if let trees = graph.trees {
            add("trees", "\(trees.count)")
            add("leaves", "\(trees.leafCount)")
            let layouts = trees.layouts.map(\.name).joined(separator: " and ")
            add("layout", "\(layouts), \(size(trees.tableByteCount)) of tables")
        }
        if let memory = graph.runByteCount { add("memory", "\(size(memory)) for a run of one row") }
    }
}

extension GraphSummary.Value {
    fileprivate var cells: [String] {
        [printable(name), printable([type, shape].compactMap(\.self).joined(separator: " "))]
    }
}

extension TreeLayoutKind {
    fileprivate var name: String {
        switch self {
        case .plain: "one tree after another"
        case .interleaved: "eight trees side by side"
        case .quickScorer8: "QuickScorer with 8-bit masks"
        case .quickScorer16: "QuickScorer with 16-bit masks"
        case .quickScorer32: "QuickScorer with 32-bit masks"
        case .quickScorer64: "QuickScorer with 64-bit masks"
        }
    }
}
