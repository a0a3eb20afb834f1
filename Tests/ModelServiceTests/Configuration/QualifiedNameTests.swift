import ModelService
import Testing

@Suite("Models have names for URLs")
struct QualifiedNameTests {
    @Test(
        "the last component of a class path becomes the name in snake case",
        arguments: [
            ("a.b.InsuranceChargesModel", "insurance_charges_model"), ("IrisModel", "iris_model"),
            ("a.HTTPModel2X", "http_model2_x"), ("a.ModelHTTP", "model_http"), ("a.ABTest", "ab_test"),
            ("a.X", "x"), ("a.ONNX", "onnx"), ("a.Model2", "model2"), ("a.V2Model", "v2_model"), ("a.2D", "2_d"),
            ("my.models.iris_model", "iris_model"), ("a.Iris_Model", "iris_model"), ("a._Private", "_private"),
            ("a.Größe", nil), ("a.b-c", nil), ("", nil), (".", nil),
            ("a." + String(repeating: "x", count: 100), String(repeating: "x", count: 100)),
            (String(repeating: "x", count: 101), nil),
        ] as [(String, String?)])
    func derivation(path: String, name: String?) {
        #expect(QualifiedName.derived(fromClassPath: path) == name)
    }

    @Test("only lower-case letters, digits and underscores make a name")
    func validity() {
        for name in ["a", "iris_model", "model2", "_", "0"] { #expect(QualifiedName.isValid(name)) }
        for name in ["", "A", "a-b", "a.b", "a/b", "a b", "é", "a\n"] { #expect(!QualifiedName.isValid(name)) }
    }
}
