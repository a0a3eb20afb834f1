/// What is wrong with a model's file, where, and what to do about it.
package struct ModelFileError: Error, Hashable, CustomStringConvertible {
    /// One mistake that a model's file can have.
    package enum Mistake: Error, Hashable {
        /// The file has more bytes than are read.
        case tooLarge(limit: Int)
        /// The first line is not that of a LightGBM text model.
        case notLightGBM
        /// A version of the format that is not read.
        case unsupportedVersion(String)
        /// A line that has to be there is not.
        case missingKey(String)
        /// The file stops before the line that ends this part.
        case truncated(before: String)
        /// A value is not of the kind that the key needs.
        case malformedValue(key: String, text: String, expected: String)
        /// A list is shorter or longer than the model says.
        case wrongCount(key: String, found: Int, expected: Int)
        /// A number is outside of what the rest of the model allows.
        case outOfRange(key: String, value: Int, allowed: ClosedRange<Int>)
        /// A tree's number is not the one after its predecessor's.
        case unexpectedTree(found: Int)
        /// Two parents, or a node and its own descendant, lead to the same node or leaf.
        case reachedTwice(String, Int)
        /// Nothing leads to a node or leaf.
        case unreachable(String, Int)
        /// An objective that has no known transformation.
        case unknownObjective(String)
        /// The leaves hold linear models.
        case linearTree
        /// The line of pandas categories is not a list of lists of scalars.
        case malformedCategories(byte: Int)
        /// The bytes are neither JSON nor UBJSON.
        case notXGBoost
        /// A document stops within a value.
        case cutOff
        /// Something else than what has to be there.
        case unexpectedBytes(at: Int, expected: String)
        /// More arrays and objects lie within each other than are read.
        case tooDeep(limit: Int)
        /// A booster that is not read.
        case unsupportedBooster(String)
        /// The leaves hold a value per output.
        case vectorLeaves
        /// The sets of categories would take more memory than a file of this size may.
        case tooManyCategories(limit: Int)
        /// A key that a file of people's own hands must not have.
        case unknownKey(String, known: [String])
        /// A value that cannot be, or not beside the others: what it is, and what to do.
        case unsuitable(String)
    }

    /// A place in a model's file.
    package enum Place: Hashable, Sendable {
        /// A line, counted from 1, and a tree, counted from 0 as the file does; `nil` outside of the trees.
        case line(Int, tree: Int?)
        /// The keys and indexes that lead to a value.
        case path(String)
    }

    /// Where it is wrong.
    package let place: Place
    /// What is wrong.
    package let mistake: Mistake

    init(_ mistake: Mistake, line: Int, tree: Int? = nil) {
        self.mistake = mistake
        self.place = .line(line, tree: tree)
    }

    init(_ mistake: Mistake, path: String) {
        self.mistake = mistake
        self.place = .path(path)
    }

    /// One line: where, what, and what to do.
    package var description: String { "\(place): \(mistake)" }
}

extension ModelFileError.Place: CustomStringConvertible {
    /// The place for a person.
    package var description: String {
        switch self {
        case .line(let line, let tree?): "line \(line), tree \(tree)"
        case .line(let line, nil): "line \(line)"
        case .path(let path): path
        }
    }
}

extension ModelFileError.Mistake: CustomStringConvertible {
    /// What is wrong and what to do, without the place.
    package var description: String {
        switch self {
        case .tooLarge(let limit):
            "the file has more than \(limit) bytes; train a model with fewer trees or leaves"
        case .notLightGBM:
            "this is not a LightGBM text model, whose first line is 'tree'; write one with Booster.save_model"
        case .unsupportedVersion(let version):
            "the format '\(version)' is not supported, v3 and v4 are; save the model with LightGBM 3 or later"
        case .missingKey(let key):
            "'\(key)' is missing; save the model again, the file is damaged"
        case .truncated(let marker):
            "the file ends before '\(marker)'; it was cut off, copy or save it again"
        case .malformedValue(let key, let text, let expected):
            "'\(key)' has the value '\(text)' where \(expected) is needed; save the model again, the file is damaged"
        case .wrongCount(let key, let found, let expected):
            "'\(key)' has \(found) values where \(expected) are needed; save the model again, the file is damaged"
        case .outOfRange(let key, let value, let allowed):
            "'\(key)' is \(value) where \(allowed.lowerBound) to \(allowed.upperBound) is possible; "
                + "save the model again, the file is damaged"
        case .unexpectedTree(let found):
            "'Tree=\(found)' is not the next tree; save the model again, trees are missing or out of order"
        case .reachedTwice(let kind, let index):
            "\(kind) \(index) is reached twice, so this is no tree; save the model again, the file is damaged"
        case .unreachable(let kind, let index):
            "\(kind) \(index) is not reached from the root; save the model again, the file is damaged"
        case .unknownObjective(let name):
            "the objective '\(name)' is not supported; train with one of the library's own"
        case .linearTree:
            "linear trees are not supported; train with linear_tree=false"
        case .malformedCategories(let byte):
            "'pandas_categorical' is not a JSON list of lists of scalars at byte \(byte) of the line; "
                + "save the model again, the file is damaged"
        case .notXGBoost:
            "this is neither JSON nor UBJSON; write the model with Booster.save_model to a name in .json or .ubj"
        case .cutOff:
            "the file ends within a value; it was cut off, copy or save it again"
        case .unexpectedBytes(let offset, let expected):
            "\(expected) is needed at byte \(offset); save the model again, the file is damaged"
        case .tooDeep(let limit):
            "more than \(limit) arrays and objects lie within each other; save the model again, the file is damaged"
        case .unsupportedBooster(let name):
            "the booster '\(name)' is not supported; train with gbtree, dart or gblinear"
        case .vectorLeaves:
            "leaves with a value per output are not supported; train with multi_strategy=one_output_per_tree"
        case .tooManyCategories(let limit):
            "the sets of categories take more than \(limit) bytes; number the categories from 0 without gaps"
        case .unknownKey(let key, let known):
            "the key '\(key)' is unknown; known are \(known.joined(separator: ", "))"
        case .unsuitable(let reason): reason
        }
    }
}
