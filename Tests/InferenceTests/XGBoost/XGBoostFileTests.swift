import Modeling
import TestSupport
import Testing

@testable import Inference

@Suite("XGBoost files")
struct XGBoostFileTests {
    /// Two trees in the form of versions before 1.6: a split on a set of categories below one on a threshold, a leaf.
    static let text = """
        {"learner":{"attributes":{"best_iteration":"0"},"feature_names":["size","colour"],
         "feature_types":["float","c"],
         "gradient_booster":{"model":{
           "gbtree_model_param":{"num_trees":"2"},
           "tree_info":[0,0],
           "trees":[
            {"categories":[2,40],"categories_nodes":[1],"categories_segments":[0],"categories_sizes":[2],
             "default_left":[true,false,false,false,false],"id":0,
             "left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],
             "split_conditions":[5E-1,NaN,2.5E-1,-5E-1,1],"split_indices":[0,1,0,0,0],
             "split_type":[0,1,0,0,0],"tree_param":{"num_nodes":"5","size_leaf_vector":"0"}},
            {"default_left":[false],"left_children":[-1],"right_children":[-1],"split_conditions":[1.25E-1],
             "split_indices":[0]}]},
          "name":"gbtree"},
         "learner_model_param":{"base_score":"2E0","num_class":"0","num_feature":"2"},
         "objective":{"name":"reg:squarederror","reg_loss_param":{"scale_pos_weight":"1"}}},
         "version":[1,5,2]}
        """

    private func read(_ text: String) throws -> XGBoostModel {
        let bytes = Array(text.utf8)
        return try XGBoostModel(bytes: bytes.span.bytes)
    }

    private func message(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func ubjson(_ writer: UBJSONWriter = UBJSONWriter()) throws -> [UInt8] {
        writer.bytes(try JSON(parsing: Self.text.replacing("NaN", with: "0")))
    }

    @Test("of any version are read, in any order of their keys")
    func reading() throws {
        let packed = UBJSONWriter(typesArrays: false, countsArrays: false, packs: true)
        let json = Array(Self.text.utf8)
        for bytes in [json, try ubjson(), try ubjson(packed)] {
            let model = try XGBoostModel(bytes: bytes.span.bytes)
            #expect(model.treeCount == 2)
            #expect(model.featureNames == ["size", "colour"])
            #expect(model.categoricalFeatures == [1])
            #expect(model.margins([0.5, 2]) == [2.375])
            #expect(model.margins([0.4999, 2]) == [3.125])
            #expect(model.margins([.nan, 40.5]) == [3.125])
            #expect(model.margins([.nan, 41]) == [1.625])
            #expect(model.margins([.nan, -0.5]) == [1.625])
            #expect(model.margins([.nan, .nan]) == [3.125])
        }
    }

    @Test("that end early are refused")
    func truncation() throws {
        for whole in [Array(Self.text.utf8), try ubjson(), try ubjson(UBJSONWriter(typesArrays: false))] {
            for end in whole.indices {
                let prefix = Array(whole[..<end])
                #expect(throws: ModelFileError.self) { try XGBoostModel(bytes: prefix.span.bytes) }
            }
        }
    }

    @Test("with any byte changed are refused or predict")
    func corruption() throws {
        for var bytes in [
            Array(Self.text.utf8), try ubjson(), try ubjson(UBJSONWriter(countsArrays: false, packs: true)),
        ] {
            for index in bytes.indices {
                let original = bytes[index]
                for byte in [0, 0xff, original ^ 1] + Array("9-[}\"$".utf8) {
                    bytes[index] = byte
                    if let model = try? XGBoostModel(bytes: bytes.span.bytes), model.featureCount == 2 {
                        #expect(!model.margins([.nan, 40]).isEmpty)
                    }
                }
                bytes[index] = original
            }
        }
    }

    @Test(
        "with a mistake are refused with its place",
        arguments: [
            ("\"learner\":{", "\"lerner\":{", "the model: 'learner' is missing"),
            ("\"name\":\"reg:squarederror\",", "", "learner.objective: 'name' is missing"),
            ("reg:squarederror", "reg:other", "learner.objective: the objective 'reg:other' is not supported"),
            (
                "reg:squarederror", "reg:\\nother",
                "learner.objective: the objective 'reg:\u{FFFD}other' is not supported"
            ),
            ("\"name\":\"gbtree\"", "\"name\":\"other\"", "learner.gradient_booster: the booster 'other' is not"),
            ("\"name\":\"gbtree\"", "\"name\":\"dart\"", "learner.gradient_booster: 'gbtree' is missing"),
            ("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", "learner.gradient_booster.model: 'weights' is missing"),
            ("\"base_score\":\"2E0\",", "", "learner.learner_model_param: 'base_score' is missing"),
            ("\"2E0\"", "\"two\"", "learner.learner_model_param: 'base_score' has the value 'two'"),
            ("\"2E0\"", "2", "learner.learner_model_param.base_score: a string is needed at byte "),
            ("\"2E0\"", "\"[2E0,1E0]\"", "'base_score' has 2 values where 1 are needed"),
            ("\"2E0\"", "\"1e39\"", "'base_score' has the value '1e39'"),
            ("\"num_class\":\"0\"", "\"num_class\":\"2147483647\"", "'num_class' is 2147483647 where 0 to 1"),
            ("\"num_class\":\"0\"", "\"num_class\":\"1e3\"", "'num_class' has the value '1e3' where an integer"),
            ("\"num_feature\":\"2\"", "\"num_feature\":\"2147483648\"", "'num_feature' is 2147483648 where 0 to"),
            ("\"num_feature\":\"2\"", "\"num_feature\":\"x\"", "'num_feature' has the value 'x'"),
            ("\"num_feature\":\"2\"", "\"num_feature\":\"3\"", "learner: 'feature_names' has 2 values where 3"),
            ("[\"float\",\"c\"]", "[\"c\"]", "learner: 'feature_types' has 1 values where 2 are needed"),
            ("\"tree_info\":[0,0]", "\"tree_info\":[0]", "trees: 'tree_info' has 1 values where 2 are needed"),
            ("\"tree_info\":[0,0]", "\"tree_info\":[0,0,0]", "trees: 'tree_info' has 3 values where 2 are needed"),
            ("\"tree_info\":[0,0]", "\"tree_info\":[0,1]", "model.tree_info[1]: 'tree_info' is 1 where 0 to 0"),
            ("\"tree_info\":[0,0],", "", "learner.gradient_booster.model: 'tree_info' is missing"),
            ("\"trees\":", "\"tress\":", "learner.gradient_booster.model: 'trees' is missing"),
            ("[1,3,-1,-1,-1]", "[5,3,-1,-1,-1]", "trees[0].left_children[0]: 'left_children' is 5 where 0 to 4"),
            ("[1,3,-1,-1,-1]", "[-2,3,-1,-1,-1]", "trees[0].left_children[0]: 'left_children' is -2 where 0 to 4"),
            ("[1,3,-1,-1,-1]", "[1,0,-1,-1,-1]", "trees[0].left_children[1]: node 0 is reached twice"),
            ("[1,3,-1,-1,-1]", "[1,2,-1,-1,-1]", "trees[0].left_children[1]: node 2 is reached twice"),
            ("[2,4,-1,-1,-1]", "[1,4,-1,-1,-1]", "trees[0].right_children[0]: node 1 is reached twice"),
            ("[2,4,-1,-1,-1]", "[2,4,-1,-1]", "trees[0]: 'right_children' has 4 values where 5 are needed"),
            ("[2,4,-1,-1,-1]", "[2,4.5,-1,-1]", "trees[0].right_children: an integer is needed at byte "),
            ("[2,4,-1,-1,-1]", "[2,4294967296]", "right_children: '[1]' is 4294967296 where -2147483648 to"),
            ("[0,1,0,0,0],\n", "[2,1,0,0,0],\n", "trees[0].split_indices[0]: 'split_indices' is 2 where 0 to 1"),
            ("[5E-1,NaN", "[NaN,NaN", "trees[0].split_conditions[0]: 'split_conditions' has the value 'nan'"),
            ("[5E-1,NaN", "[-Infinity,NaN", "'split_conditions' has the value '-inf'"),
            ("NaN,2.5E-1", "NaN,NaN", "trees[0].split_conditions[2]: 'split_conditions' has the value 'nan'"),
            ("[1.25E-1]", "[Infinity]", "trees[1].split_conditions[0]: 'split_conditions' has the value 'inf'"),
            ("[1.25E-1]", "[0..1]", "trees[1].split_conditions: a number is needed at byte "),
            ("\"default_left\":[false],", "", "trees[1]: 'default_left' is missing"),
            ("\"left_children\":[-1],", "\"left_children\":[],", "trees[1]: 'left_children' is missing"),
            ("\"categories_nodes\":[1]", "\"categories_nodes\":[2]", "trees[0]: 'categories_nodes[1]' is missing"),
            ("\"categories_sizes\":[2]", "\"categories_sizes\":[3]", "categories_sizes[0]: 'categories_sizes' is 3"),
            ("\"categories_sizes\":[2]", "\"categories_sizes\":[]", "'categories_sizes' has 0 values where 1"),
            ("\"categories_segments\":[0]", "\"categories_segments\":[9]", "'categories_segments' is 9 where 0 to 2"),
            ("[2,40]", "[-1,40]", "trees[0].categories[0]: 'categories' is -1 where 0 to 16777215"),
            ("[2,40]", "[2,16777216]", "trees[0].categories[1]: 'categories' is 16777216 where"),
            ("[2,40]", "[2,16777215]", "the sets of categories take more than"),
            ("\"size_leaf_vector\":\"0\"", "\"size_leaf_vector\":\"2\"", "a value per output are not supported"),
            ("[1,5,2]}", "[1,5,2]}x", "the model: the end of the file is needed at byte "),
            ("{\"best_iteration\":\"0\"}", "[}", "learner: a value is needed at byte "),
            ("\"id\":0", "\"id\":?", "learner.gradient_booster.model: a value is needed at byte "),
            ("\"size\"", "\"\\q\"", "learner.feature_names: a string without broken escapes is needed"),
        ])
    func mistakes(found: String, replacement: String, expected: String) throws {
        #expect(Self.text.contains(found))
        let message = try #require(self.message(Self.text.replacing(found, with: replacement, maxReplacements: 1)))
        #expect(message.contains(expected))
        #expect(!message.contains("\n"))
    }

    @Test("that are something else are refused by name")
    func otherFiles() {
        for text in ["", "tree\nversion=v4\n", "binf", " {S", "[]", String(repeating: "\0", count: 1 << 20)] {
            #expect(message(text)?.hasPrefix("the file: this is neither JSON nor UBJSON") == true)
        }
        #expect(message("{}") == "the model: 'learner' is missing; save the model again, the file is damaged")
    }

    @Test("that nest without end are refused")
    func depth() throws {
        let brackets = String(repeating: "[", count: 1 << 20)
        #expect(
            message(Self.text.replacing("\"id\":0", with: "\"id\":\(brackets)"))?
                .contains("more than 64 arrays and objects") == true)
        for bytes in ["{i\u{1}x\(brackets)", "{i\u{1}x" + String(repeating: "{i\u{1}a", count: 1 << 18)] {
            #expect(message(bytes)?.contains("more than 64 arrays and objects") == true)
        }
    }

    @Test(
        "that announce what they do not have are refused at once",
        arguments: [
            "[$l#L\u{7f}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "[#l\u{40}\u{0}\u{0}\u{0}", "Sl\u{40}\u{0}\u{0}\u{0}",
            "{#l\u{40}\u{0}\u{0}\u{0}", "HL\u{7f}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        ])
    func announcements(value: String) {
        for key in ["i\u{1}x", "i\u{7}learner"] {
            let message = self.message("{\(key)\(value)")
            #expect(
                message?.contains("ends within a value") == true || message?.contains("an object is needed") == true)
        }
    }

    @Test(
        "with values of no bytes or containers in a typed array are refused", arguments: ["Z", "T", "F", "N", "[", "{"])
    func emptyTypes(type: String) {
        #expect(
            message("{i\u{1}x[$\(type)#l\u{40}\u{0}\u{0}\u{0}}")
                == "the model: the type of a number or string is needed at byte 6; save the model again, the file is "
                + "damaged")
    }

    @Test("with a tree as deep as it has leaves, and with very many trees, are read")
    func extremes() throws {
        let count = 20_001
        func list(_ value: (Int) -> String) -> String { "[\((0..<count).map(value).joined(separator: ","))]" }
        let isSplit = { (node: Int) in node.isMultiple(of: 2) && node < count - 1 }
        let chain = """
            {"left_children":\(list { isSplit($0) ? "\($0 + 1)" : "-1" }),
             "right_children":\(list { isSplit($0) ? "\($0 + 2)" : "-1" }),
             "split_indices":\(list { _ in "0" }),"default_left":\(list { _ in "0" }),
             "split_conditions":\(list { isSplit($0) ? "\($0)" : "\($0 % 128)" })}
            """
        let stump = """
            {"left_children":[-1],"right_children":[-1],"split_indices":[0],"default_left":[0],"split_conditions":[1]}
            """
        func model(_ trees: [String]) -> String {
            """
            {"learner":{"gradient_booster":{"name":"gbtree","model":{"tree_info":[\(
                trees.map { _ in "0" }.joined(separator: ","))],"trees":[\(trees.joined(separator: ","))]}},
             "learner_model_param":{"base_score":"0","num_feature":"1"},"objective":{"name":"reg:squarederror"}}}
            """
        }
        let deep = try read(model([chain]))
        #expect(deep.margins([999.5]) == [Double(1001 % 128)])
        #expect(deep.margins([1e6]) == [Double(20_000 % 128)])
        #expect(try read(model(Array(repeating: stump, count: 20_000))).margins([0]) == [20_000])
        #expect(try read(model([])).margins([0]) == [0])
    }
}
