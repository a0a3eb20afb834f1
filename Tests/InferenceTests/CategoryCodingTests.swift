import Testing

@testable import Inference

@Suite("Category codings")
struct CategoryCodingTests {
    @Test(
        "cut a value to its category",
        arguments: [
            (0, 0), (-0.0, 0), (-0.99, 0), (0.99, 0), (7.5, 7), (2_147_483_647.9, 2_147_483_647), (-1, nil),
            (2_147_483_648, nil), (.nan, nil), (.infinity, nil), (-.infinity, nil),
        ] as [(Double, Int?)])
    func integerPart(value: Double, category: Int?) {
        #expect(CategoryCoding.integerPart.category(value) == category)
    }

    @Test(
        "make what is missing a category of its own",
        arguments: [
            (.nan, 0), (0, 1), (-0.0, 1), (0.99, 1), (7.5, 8), (16_777_215, 16_777_216), (16_777_216, nil),
            (-.leastNonzeroMagnitude, nil), (-1, nil), (.infinity, nil), (-.infinity, nil),
        ] as [(Double, Int?)])
    func afterMissing(value: Double, category: Int?) {
        #expect(CategoryCoding.afterMissing.category(value) == category)
    }
}
