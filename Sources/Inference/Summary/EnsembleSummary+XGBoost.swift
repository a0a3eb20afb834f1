extension EnsembleSummary {
    /// Reads an XGBoost model.
    static func xgboost(_ bytes: RawSpan) -> (summary: EnsembleSummary, refusal: String?) {
        var summary = EnsembleSummary()
        summary.encoding = XGBoostFile.encoding(bytes)?.rawValue
        if let (outline, version) = try? XGBoostFile.outline(bytes) {
            summary.version = version.isEmpty ? nil : version.map { "\($0)" }.joined(separator: ".")
            summary.booster = outline.boosterName
            summary.objective = outline.objective
            summary.featureCount = outline.featureCount.flatMap { Int($0) }
        }
        do throws(ModelFileError) {
            let file = try XGBoostFile(bytes: bytes)
            summary.add(file.header)
            if case .trees(let ensemble) = file.booster {
                summary.trees = Trees(ensemble, TreeScorer<Float>(ensemble))
            }
            return (summary, nil)
        } catch {
            return (summary, error.description)
        }
    }

    private mutating func add(_ header: XGBoostHeader) {
        prediction = header.objective.prediction(outputCount: header.outputCount)
        let categorical = Set(header.categoricalFeatures)
        featureCount = header.featureCount
        // Without names or types there is nothing to say of each, and the file sets no limit to how many there are.
        let isKnown = !header.featureNames.isEmpty || !categorical.isEmpty
        features = (0..<(isKnown ? header.featureCount : 0)).map { index in
            Feature(
                name: header.featureNames.isEmpty ? nil : header.featureNames[index],
                kind: categorical.contains(index) ? .category(count: nil) : .number)
        }
        outputCount = header.outputCount
        classCount = header.objective.isClassifier ? max(2, header.outputCount) : nil
    }
}

extension XGBoostObjective {
    /// What a prediction is, for a person.
    fileprivate func prediction(outputCount: Int) -> String {
        switch self {
        case .identity: outputCount > 1 ? "\(outputCount) values" : "a value"
        case .binary: "the probability of class 1 of 2"
        case .logistic: "a value between 0 and 1"
        case .hinge: "0 or 1"
        case .exponential: "a positive value, e to the sum"
        case .softmax: "the probabilities of \(outputCount) classes"
        }
    }
}
