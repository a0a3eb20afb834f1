extension QuickScorer: BatchScorer {
    /// Adds up the leaves that each of eight rows reaches, one sum per row and output.
    func score(eight rows: Span<Double>, into scores: inout MutableSpan<Double>) {
        let width = rows.count / 8
        let slotCount = slots.count + categoricalSlots.count
        let maskByteCount = placeCount * MemoryLayout<Mask>.stride
        let stripeByteCount = Mask.stripe * MemoryLayout<Mask>.stride
        let foundByteCount = slotCount * MemoryLayout<UnsafeRawPointer>.stride
        let pendingByteCount = slots.count * MemoryLayout<PendingCuts>.stride
        let scratch = ThreadScratch.bytes(8 * (maskByteCount + stripeByteCount + foundByteCount + pendingByteCount))
        // Masks and stripes are whole cache lines, so what follows them begins at one too.
        let masks = scratch.assumingMemoryBound(to: Mask.self)
        let stripes = masks + 8 * placeCount
        let found = UnsafeMutableRawPointer(stripes + 8 * Mask.stripe)
            .assumingMemoryBound(to: UnsafePointer<Mask>.self)
        let pending = UnsafeMutableRawPointer(found + 8 * slotCount).assumingMemoryBound(to: PendingCuts.self)

        var foundCounts = SIMD8<Int>()
        for row in 0..<8 {
            foundCounts[row] = find(
                rows.extracting(row * width..<(row + 1) * width), pending + row * slots.count, found + row * slotCount)
        }
        for row in 0..<8 {
            begin(
                masks + row * placeCount, pending + row * slots.count, found + row * slotCount, foundCounts[row])
        }
        for output in 0..<outputs.count {
            let trees = outputs.base[output]
            var sums = EightSums(startingAt: trees.initialSum)
            var place = trees.firstPlace
            let end = place + trees.treeCount
            while place < end {
                for row in 0..<8 {
                    finishStripe(
                        masks + row * placeCount, at: place, found + row * slotCount, foundCounts[row],
                        to: stripes + row * Mask.stripe)
                }
                add(stripes, at: place, count: min(Mask.stripe, end &- place), to: &sums)
                place &+= Mask.stripe
            }
            sums.write(to: &scores, output: output, outputCount: outputs.count)
        }
    }

    /// Adds the leaves of `count` places, whose masks are those of eight stripes, one a row.
    @inline(__always)
    private func add(_ stripes: UnsafePointer<Mask>, at place: Int, count: Int, to sums: inout EightSums<Real>) {
        var leaves = self.leaves.base + place &* Mask.bitWidth
        var masks = stripes
        let end = masks + count
        while masks < end {
            sums.add { row in leaves[masks[row &* Mask.stripe].leaf] }
            leaves += Mask.bitWidth
            masks += 1
        }
    }
}
