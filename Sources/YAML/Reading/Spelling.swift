/// Finds what a misspelt word was meant to be.
package enum Spelling {
    /// Longer words than this have no neighbours: the cost of one comparison is the product of the lengths.
    private static let longestWord = 64

    /// The candidate that is fewest insertions, deletions, substitutions and swaps of neighbours away, if that is at
    /// most a third of the word's length (at least one).
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let word = Array(word.utf8)
        guard word.count <= longestWord else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= longestWord {
            let distance = distance(word, Array(candidate.utf8))
            if distance <= max(1, word.count / 3), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// The optimal string alignment distance.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, beforeLast[j - 1] + 1)
                }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
