extension EnsembleSummary {
    /// Reads a LightGBM model.
    static func lightGBM(_ text: RawSpan) -> (summary: EnsembleSummary, refusal: String?) {
        do throws(ModelFileError) {
            let file = try LightGBMFile(text: text)
            var summary = EnsembleSummary(file.header, categorical: file.categoricalFeatures, file.pandasCategories)
            summary.trees = Trees(file.ensemble, TreeScorer<Double>(file.ensemble))
            return (summary, nil)
        } catch {
            var lines = Lines(text)
            let header = try? LightGBMHeader(&lines)
            return (
                header.map { EnsembleSummary($0, categorical: $0.categoricalFeatures, nil) }
                    ?? EnsembleSummary(encoding: "text"),
                error.description
            )
        }
    }

    private init(_ header: LightGBMHeader, categorical: [Int], _ labels: [[String]]?) {
        encoding = "text"
        version = header.formatVersion
        booster = header.averagesOutput ? "random forest" : nil
        objective = header.objectiveText
        prediction = header.objective.prediction(outputCount: header.outputCount)
        var kinds: [Int: Feature.Kind] = [:]
        for index in categorical { kinds[index] = .category(count: header.categoryCounts[index]) }
        if let labels, labels.count == categorical.count {
            for (index, list) in zip(categorical, labels) { kinds[index] = .category(count: list.count) }
        }
        featureCount = header.featureNames.count
        features = header.featureNames.enumerated().map { Feature(name: $1, kind: kinds[$0] ?? .number) }
        outputCount = header.outputCount
        classCount = header.objective.isClassifier ? max(2, header.outputCount) : nil
    }
}

extension LightGBMObjective {
    /// What a prediction is, for a person.
    fileprivate func prediction(outputCount: Int) -> String {
        switch self {
        case .identity: outputCount > 1 ? "\(outputCount) values" : "a value"
        case .squared: "a value, the square of the sum with its sign"
        case .exponential: "a positive value, e to the sum"
        case .binary: "the probability of class 1 of 2"
        case .crossEntropy: "a value between 0 and 1"
        case .crossEntropyLambda: "a positive value, ln(1 + e to the sum)"
        case .softmax: "the probabilities of \(outputCount) classes"
        case .oneVersusAll: "an independent probability for each of \(outputCount) classes"
        }
    }
}
