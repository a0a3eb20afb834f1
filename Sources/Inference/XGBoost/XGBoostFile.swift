/// An XGBoost model (JSON or UBJSON of 1.0 to 3.x), as parsed.
///
/// ```
/// learner
///   learner_model_param    base_score, num_class, num_feature, num_target: strings
///   objective              name
///   feature_names          may be empty, as may feature_types ("c" is categorical)
///   gradient_booster       name, and by it
///     model                of gbtree: trees, tree_info (the output of each tree)
///     gbtree.model         of dart: the same; weight_drop beside gbtree has a factor per tree
///     model                of gblinear: weights
/// ```
/// Keys come in any order, so the document is read twice: once for everything but the trees, then for the trees.
/// Nothing is allocated by a number that the file declares: memory grows with the values that are really there.
/// The tightest node has 5 bytes and becomes 20 bytes of ensemble, and 45 more while its tree is read.
/// Sets of categories, whose bits grow with the largest category, may take ``memoryPerByte`` per byte of file too.
struct XGBoostFile {
    /// The largest file, 1 GiB: indexes of all that it can hold fit 32 bits.
    static let maximumByteCount = 1 << 30

    /// The largest number of bytes of memory per byte of file, 32, beside the fixed budget of a layout's tables.
    static let memoryPerByte = 32

    /// The fewest bytes of a file per output, 64, so that tables that have a place for each stay as small.
    static let bytesPerOutput = 64

    enum Booster {
        case trees(TreeEnsemble)
        case linear(LinearScorer)
    }

    let header: XGBoostHeader
    let booster: Booster

    init(bytes: RawSpan) throws(ModelFileError) {
        guard bytes.byteCount <= Self.maximumByteCount else {
            throw ModelFileError(.tooLarge(limit: Self.maximumByteCount), path: "the file")
        }
        switch Self.encoding(bytes) {
        case .json: self = try Self.read(JSONDocument(bytes), byteCount: bytes.byteCount)
        case .ubjson: self = try Self.read(UBJSONDocument(bytes), byteCount: bytes.byteCount)
        case nil: throw ModelFileError(.notXGBoost, path: "the file")
        }
    }

    private init(header: XGBoostHeader, booster: Booster) {
        self.header = header
        self.booster = booster
    }

    /// How a document is written.
    enum Encoding: String {
        case json = "JSON"
        case ubjson = "UBJSON"
    }

    /// Everything of a document but its trees, unchecked, and the version that wrote it; none where it does not say.
    static func outline(
        _ bytes: RawSpan
    ) throws(ModelFileError.Mistake) -> (outline: XGBoostOutline, version: [Int]) {
        func read<Document: DocumentReader & ~Escapable>(
            _ document: consuming Document
        ) throws(ModelFileError.Mistake) -> (XGBoostOutline, [Int]) {
            var path = DocumentPath()
            let outline = try XGBoostOutline(&document, &path)
            var version: [Int] = []
            if let place = outline.version {
                document.place = place
                // It is for people: a strange one does no harm.
                try? document.readIntegers(into: &version)
            }
            return (outline, version)
        }
        switch encoding(bytes) {
        case .json: return try read(JSONDocument(bytes))
        case .ubjson: return try read(UBJSONDocument(bytes))
        case nil: throw .notXGBoost
        }
    }

    /// Both begin with a brace; in UBJSON the type of a length, `$` or `#` is next to it.
    static func encoding(_ bytes: RawSpan) -> Encoding? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        var brace = 0
        while brace < bytes.byteCount, isSpace(bytes.byte(brace)) { brace += 1 }
        guard brace < bytes.byteCount, bytes.byte(brace) == UInt8(ascii: "{") else { return nil }
        guard brace + 1 < bytes.byteCount else { return .json }
        let next = bytes.byte(brace + 1)
        if isSpace(next) || next == UInt8(ascii: "\"") || next == UInt8(ascii: "}") { return .json }
        return brace == 0 ? .ubjson : nil
    }

    private static func read<Document: DocumentReader & ~Escapable>(
        _ document: consuming Document, byteCount: Int
    ) throws(ModelFileError) -> XGBoostFile {
        var path = DocumentPath()
        do {
            let outline = try XGBoostOutline(&document, &path)
            path = DocumentPath("learner")
            let header = try XGBoostHeader(outline, &path, outputLimit: byteCount / bytesPerOutput)
            path = DocumentPath("learner", "gradient_booster")
            return XGBoostFile(
                header: header, booster: try booster(outline, header, &document, &path, byteCount: byteCount))
        } catch {
            throw ModelFileError(error, path: path.description)
        }
    }

    private static func booster<Document: DocumentReader & ~Escapable>(
        _ outline: XGBoostOutline, _ header: XGBoostHeader, _ document: inout Document, _ path: inout DocumentPath,
        byteCount: Int
    ) throws(ModelFileError.Mistake) -> Booster {
        guard let name = outline.boosterName else { throw .missingKey("name") }
        let isDart = name == "dart"
        guard isDart || name == "gbtree" || name == "gblinear" else {
            throw .unsupportedBooster(name.excerpt)
        }
        guard let model = isDart ? outline.dartModel : outline.model else {
            throw .missingKey(isDart ? "gbtree" : "model")
        }
        if isDart { path.enter("gbtree") }
        path.enter("model")
        if name == "gblinear" {
            return .linear(try linear(model.weights, header))
        }
        guard let trees = model.trees else { throw .missingKey("trees") }
        guard let outputs = model.outputs else { throw .missingKey("tree_info") }
        var weights: [Float]?
        if isDart {
            guard let factors = outline.dartWeights else { throw .missingKey("weight_drop") }
            guard factors.count == outputs.count else {
                throw .wrongCount(key: "weight_drop", found: factors.count, expected: outputs.count)
            }
            weights = factors
        }
        document.place = trees
        var reader = XGBoostTreeReader(
            TreeEnsemble(
                featureCount: header.featureCount, outputCount: header.outputCount, coding: .afterMissing,
                initialSums: header.margins.map { Double($0) }),
            categoryBudget: byteCount * memoryPerByte)
        try reader.readTrees(&document, &path, outputs: outputs, weights: weights)
        return .trees(reader.ensemble)
    }

    private static func linear(_ weights: [Float]?, _ header: XGBoostHeader) throws(ModelFileError.Mistake)
        -> LinearScorer
    {
        guard let weights else { throw .missingKey("weights") }
        let outputs = header.outputCount
        let (expected, overflow) = (header.featureCount + 1).multipliedReportingOverflow(by: outputs)
        guard !overflow, weights.count == expected else {
            throw .wrongCount(key: "weights", found: weights.count, expected: overflow ? .max : expected)
        }
        // XGBoost takes the first base score for all outputs, in the training too.
        let base = header.margins[0]
        return LinearScorer(
            initialSums: weights.suffix(outputs).map { $0 + base },
            weights: Array(weights.dropLast(outputs)))
    }
}
