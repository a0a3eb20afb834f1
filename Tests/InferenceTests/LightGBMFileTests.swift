import TestSupport
import Testing

@testable import Inference

@Suite("LightGBM files")
struct LightGBMFileTests {
    /// Two trees: three leaves with a categorical split, and one leaf.
    static let text = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=size colour
        feature_infos=[0:9] 0:1:2
        tree_sizes=200 100

        Tree=0
        num_leaves=3
        num_cat=1
        split_feature=0 1
        split_gain=2 1
        threshold=0.5 0
        decision_type=2 1
        left_child=1 -1
        right_child=-2 -3
        leaf_value=0.25 -0.5 1
        cat_boundaries=0 1
        cat_threshold=5
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=0.125
        is_linear=0
        shrinkage=1


        end of trees

        feature_importances:
        size=1

        parameters:
        [boosting: gbdt]
        [categorical_feature: 1]
        end of parameters

        pandas_categorical:[["red", "green", "blue"]]

        """

    private func read(_ text: String) throws -> LightGBMModel {
        let bytes = Array(text.utf8)
        return try LightGBMModel(text: bytes.span.bytes)
    }

    private func message(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("are read with either kind of line end")
    func lineEnds() throws {
        for text in [
            Self.text, Self.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"),
        ] {
            let model = try read(text)
            #expect(model.treeCount == 2)
            #expect(model.categoricalFeatures == [1])
            #expect(model.pandasCategories == [["red", "green", "blue"]])
            #expect(model.sums([0.5, 2]) == [0.375])
            #expect(model.sums([0.5, 1]) == [1.125])
            #expect(model.sums([0.6, 0]) == [-0.375])
        }
    }

    @Test("that end early are refused, or have all trees")
    func truncation() throws {
        let bytes = Array(Self.text.utf8)
        let trees = try #require(Self.text.utf8.firstRange(of: "end of trees".utf8)?.upperBound)
            .utf16Offset(in: Self.text)
        for end in 0..<bytes.count {
            let prefix = Array(bytes[..<end])
            do {
                let model = try LightGBMModel(text: prefix.span.bytes)
                #expect(end >= trees && model.sums([0.5, 2]) == [0.375])
            } catch {
                #expect("\(error)".hasPrefix("line "))
            }
        }
    }

    @Test("with any byte changed are refused or predict")
    func corruption() {
        var bytes = Array(Self.text.utf8)
        for index in bytes.indices {
            for byte in [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "\n"), 0, 0xff] {
                let original = bytes[index]
                bytes[index] = byte
                if let model = try? LightGBMModel(text: bytes.span.bytes) {
                    let row = [Double](repeating: 0.5, count: model.featureCount)
                    #expect(model.sums(row).count == model.outputCount)
                }
                bytes[index] = original
            }
        }
    }

    @Test(
        "say in one line what is wrong with them",
        arguments: [
            ("tree\nversion", "treee\nversion", "line 1: this is not a LightGBM text model"),
            ("version=v4", "version=v2", "line 2: the format 'v2' is not supported, v3 and v4 are"),
            ("version=v4\n", "", "line 11: 'version' is missing"),
            ("feature_names=size colour\n", "", "line 11: 'feature_names' is missing"),
            ("max_feature_idx=1", "max_feature_idx=2", "line 8: 'feature_names' has 2 values where 3 are needed"),
            ("max_feature_idx=1", "max_feature_idx=4294967296", "line 6: 'max_feature_idx' is 4294967296 where 0 to"),
            ("max_feature_idx=1", "max_feature_idx=x", "line 6: 'max_feature_idx' has the value 'x' where an integer"),
            ("[0:9] 0:1:2", "[0:9]", "line 9: 'feature_infos' has 1 values where 2 are needed"),
            ("tree_sizes=200 100", "tree_sizes=200", "'tree_sizes' has 1 values where 2 are needed"),
            ("num_tree_per_iteration=1", "num_tree_per_iteration=0", "line 4: 'num_tree_per_iteration' is 0 where 1"),
            ("num_tree_per_iteration=1", "num_tree_per_iteration=3", "'trees' has 2 values where 3 are needed"),
            ("num_tree_per_iteration=1", "num_tree_per_iteration=2147483647", "'trees' has 2 values where 2147483647"),
            ("binary sigmoid:1", "binary sigmoid:0", "line 7: 'objective' has the value 'sigmoid:0'"),
            ("binary sigmoid:1", "mine", "line 7: the objective 'mine' is not supported"),
            ("Tree=1", "Tree=2", "line 28: 'Tree=2' is not the next tree"),
            ("num_leaves=3", "num_leaves=4", "line 21, tree 0: 'leaf_value' has 3 values where 4 are needed"),
            ("num_leaves=3", "num_leaves=2", "line 21, tree 0: 'leaf_value' has 3 values where 2 are needed"),
            ("num_leaves=3", "num_leaves=2147483647", "tree 0: 'leaf_value' has 3 values where 2147483647 are needed"),
            ("num_leaves=3", "num_leaves=2147483648", "line 13, tree 0: 'num_leaves' is 2147483648 where 1 to"),
            ("num_leaves=3", "num_leaves=0", "line 13, tree 0: 'num_leaves' is 0 where 1 to"),
            ("num_leaves=3\n", "", "line 12, tree 0: 'num_leaves' is missing"),
            ("split_feature=0 1", "split_feature=0", "line 15, tree 0: 'split_feature' has 1 values where 2 are"),
            ("split_feature=0 1", "split_feature=0 1 1", "line 15, tree 0: 'split_feature' has 3 values where 2 are"),
            ("split_feature=0 1", "split_feature=0 2", "line 15, tree 0: 'split_feature' is 2 where 0 to 1"),
            ("threshold=0.5 0", "threshold=nan 0", "line 17, tree 0: 'threshold' has the value 'nan' where a number"),
            ("threshold=0.5 0", "threshold=0.5 1", "line 17, tree 0: 'threshold' is 1 where 0 to 0"),
            ("threshold=0.5 0", "threshold=0,5 0", "line 17, tree 0: 'threshold' has the value '0,5'"),
            ("decision_type=2 1", "decision_type=2 12", "line 18, tree 0: 'decision_type' is 12 where 0 to 11"),
            ("num_cat=1", "num_cat=0", "line 18, tree 0: 'decision_type' has the value '1' where a numerical split"),
            ("num_cat=1", "num_cat=2", "line 22, tree 0: 'cat_boundaries' has 2 values where 3 are needed"),
            ("left_child=1 -1", "left_child=0 -1", "line 19, tree 0: node 0 is reached twice"),
            ("left_child=1 -1", "left_child=1 1", "line 19, tree 0: node 1 is reached twice"),
            ("left_child=1 -1", "left_child=-3 -1", "line 19, tree 0: node 1 is not reached from the root"),
            ("left_child=1 -1", "left_child=2 -1", "line 19, tree 0: 'child' is 2 where -3 to 1 is possible"),
            ("right_child=-2 -3", "right_child=-2 -4", "line 19, tree 0: 'child' is -4 where -3 to 1 is possible"),
            ("right_child=-2 -3", "right_child=-2 -2147483648", "tree 0: 'right_child' is -2147483648 where"),
            ("leaf_value=0.125", "leaf_value=inf", "line 31, tree 1: 'leaf_value' has the value 'inf' where a finite"),
            ("cat_boundaries=0 1", "cat_boundaries=1 1", "line 22, tree 0: 'cat_boundaries' is 1 where 0 to 0"),
            ("cat_boundaries=0 1", "cat_boundaries=0 2147483647", "tree 0: 'cat_threshold' has 1 values where 21474"),
            ("cat_threshold=5", "cat_threshold=4294967296", "line 23, tree 0: 'cat_threshold' is 4294967296 where 0"),
            ("is_linear=0", "is_linear=1", "line 24, tree 0: linear trees are not supported"),
            ("end of trees", "end of", "the file ends before 'end of trees'"),
            ("end of parameters", "end of", "the file ends before 'end of parameters'"),
            ("\"blue\"]]", "\"blue\"]", "line 46: 'pandas_categorical' is not a JSON list of lists of scalars"),
        ])
    func mistakes(part: String, replacement: String, expected: String) throws {
        #expect(Self.text.contains(part))
        let found = try #require(message(Self.text.replacing(part, with: replacement, maxReplacements: 1)))
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("\n"))
    }

    @Test("without trees, and files that are empty, are refused")
    func nothing() throws {
        let start = try #require(Self.text.firstRange(of: "Tree=0")?.lowerBound)
        let end = try #require(Self.text.firstRange(of: "end of trees")?.lowerBound)
        var text = Self.text
        text.removeSubrange(start..<end)
        #expect(message(text)?.contains("'tree_sizes' has 2 values where 0 are needed") == true)
        text = text.replacing("tree_sizes=200 100\n", with: "")
        #expect(message(text)?.contains("'trees' has 0 values where 1 are needed") == true)
        #expect(message("")?.contains("this is not a LightGBM text model") == true)
        #expect(message("tree")?.contains("the file ends before 'end of trees'") == true)
        #expect(message(String(repeating: "\0", count: 1 << 20))?.contains("this is not a LightGBM") == true)
    }

    @Test("with linear trees are refused by name")
    func linearTrees() throws {
        let bytes = try Repository.bytes(of: "\(Repository.fixtures)/linear_tree.lgb.txt")
        let error = try #require(throws: ModelFileError.self) { try LightGBMModel(text: bytes.span.bytes) }
        #expect(error.mistake == .linearTree)
        guard case .line(_, tree: 0) = error.place else {
            Issue.record("not in tree 0: \(error)")
            return
        }
    }

    @Test("with a tree as deep as it has leaves, and with very many trees, are read")
    func extremes() throws {
        let start = try #require(Self.text.firstRange(of: "tree_sizes")?.lowerBound)
        func list(_ name: String, _ count: Int, _ value: (Int) -> Int) -> String {
            "\(name)=\((0..<count).map { String(value($0)) }.joined(separator: " "))\n"
        }
        let leaves = 20_000
        let splits = leaves - 1
        let chain =
            "Tree=0\nnum_leaves=\(leaves)\n" + list("split_feature", splits) { _ in 0 }
            + list("threshold", splits) { -$0 } + list("decision_type", splits) { _ in 0 }
            + list("left_child", splits) { $0 == splits - 1 ? -leaves : $0 + 1 }
            + list("right_child", splits) { -1 - $0 } + list("leaf_value", leaves) { $0 }
        let stumps = (0..<20_000).map { "Tree=\($0)\nnum_leaves=1\nleaf_value=1\n" }.joined()
        #expect(try read("\(Self.text[..<start])\n\(chain)end of trees\n").sums([-100, 0]) == [101])
        #expect(try read("\(Self.text[..<start])\n\(stumps)end of trees\n").sums([0, 0]) == [20_000])
    }
}
