/// Everything of an XGBoost document but its trees, as it stands there.
struct XGBoostOutline {
    typealias Mistake = ModelFileError.Mistake

    /// The `model` of a booster.
    struct Model {
        /// Where the list of trees begins.
        var trees: DocumentPlace?
        var outputs: [Int32]?
        var weights: [Float]?
    }

    /// Where the version that wrote the file is.
    private(set) var version: DocumentPlace?
    private(set) var baseScore: String?
    private(set) var classCount: String?
    private(set) var featureCount: String?
    private(set) var targetCount: String?
    private(set) var objective: String?
    private(set) var featureNames: [String] = []
    private(set) var featureTypes: [String] = []
    private(set) var boosterName: String?
    private(set) var model: Model?
    private(set) var dartModel: Model?
    private(set) var dartWeights: [Float]?

    /// Reads a whole document; `path` is that of the value read last when this throws.
    init<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) {
        var object = try document.openObject()
        var hasLearner = false
        while let key = try document.nextKey(&object) {
            if document.matches(key, "learner") {
                hasLearner = true
                path.enter("learner")
                try readLearner(&document, &path)
                path.leave()
            } else {
                if document.matches(key, "version") { version = document.place }
                try document.skip()
            }
        }
        try document.expectEnd()
        guard hasLearner else { throw .missingKey("learner") }
    }

    private mutating func readLearner<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) {
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            if document.matches(key, "learner_model_param") {
                path.enter("learner_model_param")
                try readParameters(&document, &path)
            } else if document.matches(key, "objective") {
                path.enter("objective")
                objective = try document.readName()
            } else if document.matches(key, "feature_names") {
                path.enter("feature_names")
                featureNames = try document.readStrings()
            } else if document.matches(key, "feature_types") {
                path.enter("feature_types")
                featureTypes = try document.readStrings()
            } else if document.matches(key, "gradient_booster") {
                path.enter("gradient_booster")
                try readBooster(&document, &path)
            } else {
                try document.skip()
                continue
            }
            path.leave()
        }
    }

    private mutating func readParameters<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) {
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            if document.matches(key, "base_score") {
                path.enter("base_score")
                baseScore = try document.string()
            } else if document.matches(key, "num_class") {
                path.enter("num_class")
                classCount = try document.string()
            } else if document.matches(key, "num_feature") {
                path.enter("num_feature")
                featureCount = try document.string()
            } else if document.matches(key, "num_target") {
                path.enter("num_target")
                targetCount = try document.string()
            } else {
                try document.skip()
                continue
            }
            path.leave()
        }
    }

    private mutating func readBooster<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) {
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            if document.matches(key, "name") {
                path.enter("name")
                boosterName = try document.string()
            } else if document.matches(key, "model") {
                path.enter("model")
                model = try Self.readModel(&document, &path)
            } else if document.matches(key, "gbtree") {
                path.enter("gbtree")
                var inner = try document.openObject()
                while let key = try document.nextKey(&inner) {
                    guard document.matches(key, "model") else {
                        try document.skip()
                        continue
                    }
                    path.enter("model")
                    dartModel = try Self.readModel(&document, &path)
                    path.leave()
                }
            } else if document.matches(key, "weight_drop") {
                path.enter("weight_drop")
                dartWeights = try document.readFiniteFloats(&path)
            } else {
                try document.skip()
                continue
            }
            path.leave()
        }
    }

    private static func readModel<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) -> Model {
        var model = Model()
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            if document.matches(key, "tree_info") {
                path.enter("tree_info")
                var outputs: [Int32] = []
                try document.readIntegers(into: &outputs)
                model.outputs = outputs
            } else if document.matches(key, "weights") {
                path.enter("weights")
                model.weights = try document.readFiniteFloats(&path)
            } else {
                if document.matches(key, "trees") { model.trees = document.place }
                try document.skip()
                continue
            }
            path.leave()
        }
        return model
    }
}

extension DocumentReader where Self: ~Escapable {
    /// Reads an array of integers in place of what `values` has.
    mutating func readIntegers<Integer: FixedWidthInteger>(into values: inout [Integer]) throws(Mistake) {
        values.removeAll(keepingCapacity: true)
        var array = try openArray()
        while try nextElement(&array) {
            let value = try integer()
            guard let exact = Integer(exactly: value) else {
                throw .outOfRange(key: "[\(values.count)]", value: value, allowed: Int(Integer.min)...Int(Integer.max))
            }
            values.append(exact)
        }
    }

    /// Reads an array of numbers in place of what `values` has.
    mutating func readFloats(into values: inout [Float]) throws(Mistake) {
        values.removeAll(keepingCapacity: true)
        var array = try openArray()
        while try nextElement(&array) { values.append(try float()) }
    }

    fileprivate mutating func readFiniteFloats(_ path: inout DocumentPath) throws(Mistake) -> [Float] {
        var values: [Float] = []
        try readFloats(into: &values)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            path.enter(index)
            throw .malformedValue(key: "weight", text: "\(values[index])", expected: "a finite number")
        }
        return values
    }

    fileprivate mutating func readStrings() throws(Mistake) -> [String] {
        var values: [String] = []
        var array = try openArray()
        while try nextElement(&array) { values.append(try string()) }
        return values
    }

    /// Reads the `name` of an object.
    fileprivate mutating func readName() throws(Mistake) -> String? {
        var name: String?
        var object = try openObject()
        while let key = try nextKey(&object) {
            if matches(key, "name") {
                name = try string()
            } else {
                try skip()
            }
        }
        return name
    }
}
