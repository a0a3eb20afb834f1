extension XGBoostModel: TabularModel {
    package var summary: String {
        let classes = outputCount > 1 ? ", \(outputCount) classes" : ""
        return treeCount > 0 ? "XGBoost, \(treeCount) trees\(classes)" : "XGBoost, linear\(classes)"
    }

    /// XGBoost's files do not keep the categories of pandas: rows hold their codes.
    package func categories(ofFeature index: Int) -> [String]? { nil }
}
