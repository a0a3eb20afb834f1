extension InterleavedWalk: BatchScorer {
    var blockRowCount: Int { 8 }

    /// Adds up the leaves that each of eight rows reaches, one sum per row and output.
    func score(block rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>) {
        let width = rows.count / 8
        let valueCount = numericSlots.count + categorySets.count + 1
        let foundCount = outputEnds.base[outputEnds.count - 1] + 1
        let scratch = ThreadScratch.bytes(8 * (valueCount + foundCount) * MemoryLayout<Double>.stride)
        let values = scratch.assumingMemoryBound(to: Double.self)
        let found = values + 8 * valueCount
        for row in 0..<8 { resolve(rows.extracting(row * width..<(row + 1) * width), values + row * valueCount) }
        // A group's nodes are still in the cache for the next row.
        for index in 0..<groups.count {
            for row in 0..<8 { walk(groups.base + index, values + row * valueCount, found + row * foundCount) }
        }
        var place = 0
        for output in 0..<outputEnds.count {
            var sums = EightSums(startingAt: initialSums.base[output])
            while place < outputEnds.base[output] {
                sums.add { row in Real(found[row &* foundCount &+ place]) }
                place += 1
            }
            sums.write(to: &scores, output: output, outputCount: outputEnds.count)
        }
    }
}
