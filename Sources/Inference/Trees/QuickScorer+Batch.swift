extension QuickScorer: BatchScorer {
    /// The rows whose masks take at most 1.5 MB, which the second-level cache holds: 128 of 10,700 small trees.
    var blockRowCount: Int {
        max(8, min(128, 1_500_000 / (rowLength * MemoryLayout<Mask>.stride) & ~7))
    }

    /// Adds up the leaves that each of a block's rows reaches, one sum per row and output.
    ///
    /// A stripe of places after another, all rows of the block: what a stripe has of all checkpoints and leaves stays
    /// in the first-level cache meanwhile. Every row's sum is carried from stripe to stripe, in the order of the trees.
    func score(block rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>) {
        let width = rows.count / count
        // The masks of a row's single cuts come first.
        let slotCount = 1 + slots.count + categoricalSlots.count
        let maskByteCount = count * rowLength * MemoryLayout<Mask>.stride
        let stripeByteCount = 8 * Mask.stripe * MemoryLayout<Mask>.stride
        let sumByteCount = count * MemoryLayout<Double>.stride
        let foundByteCount = count * slotCount * MemoryLayout<UnsafeRawPointer>.stride
        let foundCountByteCount = count * MemoryLayout<Int>.stride
        let scratch = ThreadScratch.bytes(
            maskByteCount + stripeByteCount + sumByteCount + foundByteCount + foundCountByteCount
                + slots.count * MemoryLayout<PendingCuts>.stride)
        // Masks and stripes are whole cache lines, so what follows them begins at one too.
        let masks = scratch.assumingMemoryBound(to: Mask.self)
        let stripes = (scratch + maskByteCount).assumingMemoryBound(to: Mask.self)
        let sums = (scratch + maskByteCount + stripeByteCount).assumingMemoryBound(to: Real.self)
        let found = (scratch + maskByteCount + stripeByteCount + sumByteCount)
            .assumingMemoryBound(to: UnsafePointer<Mask>.self)
        let foundCounts = UnsafeMutableRawPointer(found + count * slotCount).assumingMemoryBound(to: Int.self)
        let pending = UnsafeMutableRawPointer(foundCounts + count).assumingMemoryBound(to: PendingCuts.self)

        for row in 0..<count {
            let cuts = masks + row * rowLength
            let rowFound = found + row * slotCount
            rowFound[0] = UnsafePointer(cuts)
            foundCounts[row] = 1 + find(rows.extracting(row * width..<(row + 1) * width), pending, rowFound + 1)
            cuts.update(repeating: .max, count: placeCount)
            cut(pending, cuts)
        }
        for output in 0..<outputs.count {
            let trees = outputs.base[output]
            for row in 0..<count { sums[row] = trees.initialSum }
            var place = trees.firstPlace
            let end = place + trees.treeCount
            while place < end {
                for first in stride(from: 0, to: count, by: 8) {
                    for row in 0..<8 {
                        let rowFound = found + (first &+ row) &* slotCount
                        Mask.finish(
                            rowFound, count: foundCounts[first &+ row], at: place, into: stripes + row &* Mask.stripe,
                            isReadLater: true)
                    }
                    var eight = EightSums(sums + first)
                    add(stripes, at: place, count: min(Mask.stripe, end &- place), to: &eight)
                    eight.store(to: sums + first)
                }
                place &+= Mask.stripe
            }
            for row in 0..<count { scores[row * outputs.count + output] = sums[row].widened }
        }
    }

    /// Adds the leaves of `count` places, whose masks are those of eight stripes, one a row.
    @inline(__always)
    private func add(_ stripes: UnsafePointer<Mask>, at place: Int, count: Int, to sums: inout EightSums<Real>) {
        var leaves = self.leaves.base + place &* Mask.bitWidth
        var masks = stripes
        let end = masks + count
        if Mask.bitWidth == 8 {
            // Loads are what this loop waits for: one gives the leaves of two places.
            while masks + 1 < end {
                let pairs = UnsafeRawPointer(masks)
                sums.add(
                    pair: { row in UInt16(littleEndian: (pairs + row &* Mask.stripe).load(as: UInt16.self)) },
                    first: { pair in leaves[Int(pair & 0xFF)] },
                    second: { pair in leaves[Mask.bitWidth &+ Int(pair &>> 8)] })
                leaves += 2 &* Mask.bitWidth
                masks += 2
            }
        }
        while masks < end {
            sums.add { row in leaves[masks[row &* Mask.stripe].leaf] }
            leaves += Mask.bitWidth
            masks += 1
        }
    }
}
