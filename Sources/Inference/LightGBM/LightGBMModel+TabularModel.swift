extension LightGBMModel: TabularModel {
    package var summary: String {
        let classes = outputCount > 1 ? ", \(outputCount) classes" : ""
        return "LightGBM, \(treeCount) trees\(classes)"
    }

    /// The categories that pandas had in the training's column; `nil` when the training had no pandas data, so that
    /// rows hold codes already.
    package func categories(ofFeature index: Int) -> [String]? {
        guard let lists = pandasCategories, lists.count == categoricalFeatures.count,
            let column = categoricalFeatures.firstIndex(of: index)
        else { return nil }
        return lists[column]
    }
}
