extension TreeEnsemble {
    /// Adds up the leaves that a row reaches, tree by tree in order, one sum per output.
    ///
    /// The plainest form: the truth that the other layouts have to equal to the last bit, and the fastest for a
    /// handful of trees.
    func walk<Real: TreeNumber>(
        _ features: Span<Double>, into scores: inout MutableSpan<Double>, in _: Real.Type
    ) {
        for output in 0..<outputCount { scores[output] = initialSum(of: output) }
        for tree in trees {
            scores[tree.output] = (Real(scores[tree.output]) + Real(leafValue(tree, features, in: Real.self))).widened
        }
    }

    private func leafValue<Real: TreeNumber>(_ tree: Tree, _ features: Span<Double>, in _: Real.Type) -> Double {
        var child: Int32 = tree.splitCount == 0 ? ~0 : 0
        while child >= 0 {
            let split = splits[tree.firstSplit + Int(child)]
            let feature = Real(features[Int(split.feature)]).widened
            child = goesLeft(feature, split.condition) ? split.left : split.right
        }
        return leafValues[tree.firstLeaf + Int(~child)]
    }

    @inline(__always)
    private func goesLeft(_ feature: Double, _ condition: Condition) -> Bool {
        switch condition {
        case .inCategories(let set):
            guard let category = coding.category(feature) else { return false }
            return categorySet(set, contains: category)
        case .atMost(let threshold, let missing):
            let value = feature.magnitude <= zeroRadius ? 0 : feature
            switch missing {
            case .never: return (value.isNaN ? 0 : value) <= threshold
            case .zeroGoesLeft: return value == 0 || value.isNaN || value <= threshold
            case .zeroGoesRight: return value != 0 && value <= threshold
            case .nanGoesLeft: return value.isNaN || value <= threshold
            case .nanGoesRight: return value <= threshold
            }
        }
    }
}
