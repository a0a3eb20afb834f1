/// LinearRegressor and LinearClassifier: products of the rows with the coefficients, added up in binary64.
struct LinearScores: Sendable {
    let coefficients: [Float]
    let intercepts: [Float]
    let count: Int

    /// `count` rows of coefficients, each as long as a row of features.
    init(_ coefficients: [Float], _ intercepts: [Float], count: Int) throws(ONNXMistake) {
        guard count >= 1, coefficients.count % count == 0 else {
            throw .invalidAttribute("coefficients", reason: "has \(coefficients.count) values for \(count) scores")
        }
        guard intercepts.isEmpty || intercepts.count == count else {
            throw .invalidAttribute("intercepts", reason: "has \(intercepts.count) values for \(count) scores")
        }
        self.coefficients = coefficients
        self.intercepts = intercepts
        self.count = count
    }

    var columns: Int { coefficients.count / count }

    @inline(__always)
    func callAsFunction(_ row: UnsafePointer<Float>, _ scores: UnsafeMutablePointer<Float>) {
        let columns = columns
        coefficients.withUnsafeBufferPointer { coefficients in
            for score in 0..<count {
                var sum = 0.0
                for index in 0..<columns {
                    sum += Double(row[index]) * Double(coefficients[score * columns + index])
                }
                scores[score] = Float(sum + (intercepts.isEmpty ? 0 : Double(intercepts[score])))
            }
        }
    }
}

/// LinearRegressor.
struct LinearRegressor: ONNXOperator {
    let scores: LinearScores
    let transform: PostTransform

    init(_ node: ONNXNode) throws(ONNXMistake) {
        scores = try LinearScores(
            try node.required("coefficients", try node.floats("coefficients")),
            try node.floats("intercepts") ?? [], count: try node.int("targets") ?? 1)
        transform = try PostTransform(node)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (features, rows, columns) = try node.floatRows()
        guard columns == scores.columns else {
            throw .shapeMismatch("\(columns) features where \(scores.columns) have coefficients")
        }
        let output = try node.output(.float, [rows, scores.count])
        let (scores, transform) = (scores, transform)
        node.run { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: Float.self), frame(output, as: Float.self))
            for row in 0..<rows {
                let own = target + row * scores.count
                scores(source + row * columns, own)
                transform.apply(own, scores.count)
            }
        }
    }
}

/// LinearClassifier.
struct LinearClassifier: ONNXOperator {
    let scores: LinearScores
    let labels: ClassLabels
    let transform: PostTransform

    init(_ node: ONNXNode) throws(ONNXMistake) {
        labels = try ClassLabels(node)
        let coefficients = try node.required("coefficients", try node.floats("coefficients"))
        let intercepts = try node.floats("intercepts") ?? []
        // Two classes may have one row of coefficients, which are those of the second class.
        let isSingle = labels.count == 2 && intercepts.count == 1
        scores = try LinearScores(coefficients, intercepts, count: isSingle ? 1 : labels.count)
        transform = try PostTransform(node)
        if isSingle { try transform.checkPair() }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (features, rows, columns) = try node.floatRows()
        guard columns == scores.columns else {
            throw .shapeMismatch("\(columns) features where \(scores.columns) have coefficients")
        }
        let output = try node.output(labels.tensor.type, [rows])
        let probabilities = try node.output(.float, [rows, labels.count], at: 1)
        let (scores, labels, transform) = (scores, labels, transform)
        node.run { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: Float.self), frame(probabilities, as: Float.self))
            for row in 0..<rows {
                let own = target + row * labels.count
                scores(source + row * columns, own)
                var best = 0
                if scores.count < labels.count {
                    best = own[0] > 0 ? 1 : 0
                    transform.writePair(own[0], isProbability: true, own)
                } else {
                    for index in 1..<labels.count where own[index] > own[best] { best = index }
                    transform.apply(own, labels.count)
                }
                labels.write(best, frame, output, row)
            }
        }
    }
}
