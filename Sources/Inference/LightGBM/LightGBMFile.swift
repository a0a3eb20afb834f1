/// A LightGBM text model (format v3 or v4), as parsed.
///
/// ```
/// tree                          a header of key=value lines
/// version=v4
/// …
/// Tree=0                        a block per tree: parallel lists, one value per split or per leaf
/// num_leaves=7
/// …
/// end of trees                  what follows describes the training; two lines of it matter
/// parameters:
/// [categorical_feature: 0,1]    the columns that were categorical
/// end of parameters
/// pandas_categorical:[["a"]]    the labels of their codes
/// ```
/// Nothing is allocated by a number that the file declares: memory grows with the values that are really there.
/// The tightest text of a split and its leaf has 12 bytes and becomes 32 bytes of ensemble, so reading and
/// arranging a file stay below ``memoryPerByte`` times its size.
struct LightGBMFile {
    /// The largest file, 1 GiB: indexes of all that it can hold fit 32 bits.
    static let maximumByteCount = 1 << 30

    /// The largest number of bytes of memory per byte of file, 32, beside the fixed budget of a layout's tables.
    static let memoryPerByte = 32

    /// LightGBM's `kZeroThreshold`, a binary32: a feature whose magnitude is not greater counts as 0.
    static let zeroRadius = Double(1e-35 as Float)

    let header: LightGBMHeader
    /// The columns that were categorical, in ascending order.
    let categoricalFeatures: [Int]
    /// The labels of each categorical column in the order of their codes.
    let pandasCategories: [[String]]?
    let ensemble: TreeEnsemble

    init(text: RawSpan) throws(ModelFileError) {
        guard text.byteCount <= Self.maximumByteCount else {
            throw ModelFileError(.tooLarge(limit: Self.maximumByteCount), line: 1)
        }
        var lines = Lines(text)
        let header = try LightGBMHeader(&lines)
        self.header = header

        var reader = LightGBMTreeReader(
            TreeEnsemble(
                featureCount: header.featureNames.count, outputCount: header.outputCount,
                zeroRadius: Self.zeroRadius))
        try reader.readTrees(&lines, firstLine: header.endLine)
        let treeCount = reader.ensemble.trees.count
        if let expected = header.treeCount, treeCount != expected {
            throw ModelFileError(
                .wrongCount(key: "tree_sizes", found: expected, expected: treeCount), line: lines.number)
        }
        guard treeCount > 0, treeCount % header.outputCount == 0 else {
            throw ModelFileError(
                .wrongCount(
                    key: "trees", found: treeCount,
                    expected: (treeCount / header.outputCount + 1) * header.outputCount), line: lines.number)
        }
        ensemble = reader.ensemble

        let appendix = try LightGBMAppendix(&lines, featureCount: header.featureNames.count)
        categoricalFeatures = appendix.categoricalFeatures ?? header.categoricalFeatures
        pandasCategories = appendix.pandasCategories
    }
}

/// The lines before the first tree.
struct LightGBMHeader {
    /// `v3` or `v4`.
    let formatVersion: String
    let objective: LightGBMObjective
    /// The objective as the file has it; `nil` where it has none.
    let objectiveText: String?
    /// The sums are divided by the number of rounds before anything else.
    let averagesOutput: Bool
    let featureNames: [String]
    let outputCount: Int
    /// The number of trees that the file announces.
    let treeCount: Int?
    /// The columns whose values were listed and not given as an interval.
    let categoricalFeatures: [Int]
    /// The number of values that the training saw in each of them, by column.
    let categoryCounts: [Int: Int]
    /// The last line: that of the first tree, or of the end of trees.
    let endLine: Range<Int>

    init(_ lines: inout Lines) throws(ModelFileError) {
        let text = lines.text
        guard let first = lines.next(), text.equals(first, "tree") else {
            throw ModelFileError(.notLightGBM, line: 1)
        }
        var averagesOutput = false
        var version: Entry?
        var objective: Entry?
        var outputCount: Entry?
        var lastFeature: Entry?
        var featureNames: Entry?
        var featureInfos: Entry?
        var treeSizes: Entry?
        while true {
            guard let line = lines.next() else {
                throw ModelFileError(.truncated(before: "end of trees"), line: max(1, lines.number))
            }
            if text.starts(at: line.lowerBound, with: "Tree=") || text.equals(line, "end of trees") {
                endLine = line
                break
            }
            if text.equals(line, "average_output") { averagesOutput = true }
            guard let entry = Entry(text, line, number: lines.number) else { continue }
            switch text.excerpt(entry.key) {
            case "version": version = entry
            case "objective": objective = entry
            case "num_tree_per_iteration": outputCount = entry
            case "max_feature_idx": lastFeature = entry
            case "feature_names": featureNames = entry
            case "feature_infos": featureInfos = entry
            case "tree_sizes": treeSizes = entry
            default: break
            }
        }
        func required(_ entry: Entry?, _ key: String) throws(ModelFileError) -> Entry {
            guard let entry else { throw ModelFileError(.missingKey(key), line: lines.number) }
            return entry
        }
        let format = try required(version, "version")
        guard text.equals(format.value, "v3") || text.equals(format.value, "v4") else {
            throw ModelFileError(.unsupportedVersion(text.excerpt(format.value)), line: format.line)
        }
        formatVersion = text.excerpt(format.value)
        objectiveText = objective.map { text.excerpt($0.value) }
        self.averagesOutput = averagesOutput
        self.objective = try LightGBMObjective(text, objective?.value, line: objective?.line ?? 0)

        let names = try required(featureNames, "feature_names")
        self.featureNames = names.strings(text)
        let declared = try required(lastFeature, "max_feature_idx").integer(text, in: 0...Int(Int32.max) - 1)
        guard self.featureNames.count == declared + 1 else {
            throw ModelFileError(
                .wrongCount(key: "feature_names", found: self.featureNames.count, expected: declared + 1),
                line: names.line)
        }
        let outputs = try required(outputCount, "num_tree_per_iteration")
        // Every output needs a tree, so the count of trees bounds it before anything is allocated.
        self.outputCount = try outputs.integer(text, in: 1...Int(Int32.max))

        treeCount = treeSizes?.wordCount(text)
        var categorical: [Int] = []
        var counts: [Int: Int] = [:]
        if let featureInfos {
            var words = Words(text, featureInfos.value)
            var index = 0
            while let word = words.next() {
                if text.byte(word.lowerBound) != UInt8(ascii: "["), !text.equals(word, "none") {
                    categorical.append(index)
                    counts[index] = word.reduce(1) { $0 + (text.byte($1) == UInt8(ascii: ":") ? 1 : 0) }
                }
                index += 1
            }
            guard index == declared + 1 else {
                throw ModelFileError(
                    .wrongCount(key: "feature_infos", found: index, expected: declared + 1), line: featureInfos.line)
            }
        }
        categoricalFeatures = categorical
        categoryCounts = counts
    }
}

/// What follows the trees.
struct LightGBMAppendix {
    /// The columns that the training was told are categorical; `nil` where the file does not say it by number.
    private(set) var categoricalFeatures: [Int]?
    private(set) var pandasCategories: [[String]]?

    init(_ lines: inout Lines, featureCount: Int) throws(ModelFileError) {
        let text = lines.text
        let categoricalKey: StaticString = "[categorical_feature: "
        let pandasKey: StaticString = "pandas_categorical:"
        var isInParameters = false
        while let line = lines.next() {
            if text.equals(line, "parameters:") {
                isInParameters = true
            } else if text.equals(line, "end of parameters") {
                isInParameters = false
            } else if isInParameters, text.starts(at: line.lowerBound, with: categoricalKey) {
                let start = line.lowerBound + categoricalKey.utf8CodeUnitCount
                categoricalFeatures = Self.columns(text.string(start..<max(start, line.upperBound - 1)), featureCount)
            } else if !isInParameters, text.starts(at: line.lowerBound, with: pandasKey) {
                let value = line.lowerBound + pandasKey.utf8CodeUnitCount..<line.upperBound
                pandasCategories = try PandasCategories.parse(text, value, line: lines.number)
            }
        }
        if isInParameters {
            throw ModelFileError(.truncated(before: "end of parameters"), line: lines.number)
        }
    }

    private static func columns(_ list: String, _ featureCount: Int) -> [Int]? {
        let columns = list.split(separator: ",").map { Int($0) }
        guard !columns.isEmpty else { return nil }
        let known = columns.compactMap { $0 }.filter { (0..<featureCount).contains($0) }
        return known.count == columns.count ? known.sorted() : nil
    }
}
