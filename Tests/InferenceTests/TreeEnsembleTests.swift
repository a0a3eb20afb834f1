import Testing

@testable import Inference

@Suite("Tree ensembles")
struct TreeEnsembleTests {
    private func split(_ left: Int32, _ right: Int32, feature: Int32 = 0) -> TreeEnsemble.Split {
        .init(condition: .atMost(0, .never), feature: feature, left: left, right: right)
    }

    private func append(_ splits: [TreeEnsemble.Split]) -> TreeEnsemble.ShapeError? {
        var ensemble = TreeEnsemble(featureCount: 2, outputCount: 1, zeroRadius: 0)
        do {
            try ensemble.append(splits, leaves: (0...splits.count).map(Double.init), output: 0)
            return nil
        } catch {
            return error
        }
    }

    @Test("take trees in which every node and leaf is reached once")
    func trees() {
        #expect(append([]) == nil)
        #expect(append([split(~0, ~1)]) == nil)
        #expect(append([split(2, 1), split(~0, ~3), split(~2, ~1)]) == nil)
    }

    @Test("refuse every other shape")
    func shapes() {
        #expect(append([split(0, ~1)]) == .reachedTwice(child: 0))
        #expect(append([split(~0, ~0)]) == .reachedTwice(child: ~0))
        #expect(append([split(~0, ~2)]) == .childOutOfRange(~2))
        #expect(append([split(~0, 1)]) == .childOutOfRange(1))
        #expect(append([split(.min, ~0)]) == .childOutOfRange(Int(Int32.min)))
        #expect(append([split(.max, ~0)]) == .childOutOfRange(Int(Int32.max)))
        #expect(append([split(~0, ~1, feature: 2)]) == .featureOutOfRange(2))
        #expect(append([split(~0, ~1, feature: -1)]) == .featureOutOfRange(-1))
        #expect(append([split(~0, ~1), split(2, ~2), split(1, ~3)]) == .unreachable(child: 1))
        #expect(append([split(1, ~2), split(0, ~1)]) == .reachedTwice(child: 0))
    }
}
