import Decorators
import Testing

@Suite("What a decorator counts")
struct OutcomeCountsTests {
    private enum Outcome: Int, CaseIterable {
        case hit, miss
    }

    @Test("is counted by many threads without losing one")
    func threads() async {
        let counts = OutcomeCounts<Outcome>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for index in 0..<1_000 { counts.count(index.isMultiple(of: 4) ? .hit : .miss) } }
            }
        }
        #expect(counts[.hit] == 2_000 && counts[.miss] == 6_000)
    }
}
