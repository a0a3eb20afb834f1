/// Gather.
struct Gathering: ONNXOperator {
    let axis: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let data = try node.input(0)
        let indices = try node.input(1, [.int32, .int64])
        let axis = try ONNXShape.axis(axis, rank: data.shape.count)
        let shape = Array(data.shape[..<axis] + indices.shape + data.shape[(axis + 1)...])
        let output = try node.output(data.type, shape)
        let size = data.shape[axis]
        let inner = data.shape[(axis + 1)...].reduce(1, *)
        let outer = data.shape[..<axis].reduce(1, *)
        let read = IndexReader(indices, size: size)
        let (count, source) = (indices.count, data.operand)
        if data.type == .string {
            node.run { frame throws(ONNXRunError) in
                let (texts, target) = (frame.strings(source), frame.strings(output))
                for index in 0..<count {
                    let place = try read(frame, index)
                    for block in 0..<outer {
                        for element in 0..<inner {
                            target[(block * count + index) * inner + element] =
                                texts[(block * size + place) * inner + element]
                        }
                    }
                }
            }
            return
        }
        let width = data.type.stride * inner
        node.run { frame throws(ONNXRunError) in
            let (bytes, target) = (frame(source, as: UInt8.self), frame(output, as: UInt8.self))
            for index in 0..<count {
                let place = try read(frame, index)
                for block in 0..<outer {
                    (target + (block * count + index) * width)
                        .update(from: bytes + (block * size + place) * width, count: width)
                }
            }
        }
    }
}

/// Reads an index from a tensor of integers, counts negative ones from the end, and refuses those out of range.
struct IndexReader: Sendable {
    private let operand: Operand
    private let isWide: Bool
    private let size: Int

    init(_ indices: PlannedValue, size: Int) {
        operand = indices.operand
        isWide = indices.type == .int64
        self.size = size
    }

    @inline(__always)
    func callAsFunction(_ frame: Frame, _ index: Int) throws(ONNXRunError) -> Int {
        try self(frame, index, size: size)
    }

    @inline(__always)
    func callAsFunction(_ frame: Frame, _ index: Int, size: Int) throws(ONNXRunError) -> Int {
        let value = isWide ? Int(frame(operand, as: Int64.self)[index]) : Int(frame(operand, as: Int32.self)[index])
        guard value >= -size, value < size else { throw .indexOutOfRange }
        return value < 0 ? value + size : value
    }
}

/// GatherElements.
struct ElementGathering: ONNXOperator {
    let axis: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let data = try node.input(0, .fixedWidth)
        let indices = try node.input(1, [.int32, .int64])
        let axis = try ONNXShape.axis(axis, rank: data.shape.count)
        guard indices.shape.count == data.shape.count,
            indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= data.shape[$0] })
        else { throw .shapeMismatch("indices of shape \(indices.shape) for data of shape \(data.shape)") }
        let strides = ONNXShape.strides(data.shape)
        // Where each element would be if its index were 0.
        let bases = Copying.places(
            start: 0, strides: strides.indices.map { $0 == axis ? 0 : strides[$0] }, shape: indices.shape)
        let output = try node.output(data.type, indices.shape)
        let read = IndexReader(indices, size: data.shape[axis])
        let (source, width, step) = (data.operand, data.type.stride, strides[axis])
        node.run { frame throws(ONNXRunError) in
            let (bytes, target) = (frame(source, as: UInt8.self), frame(output, as: UInt8.self))
            for index in bases.indices {
                let place = bases[index] + (try read(frame, index)) * step
                (target + index * width).update(from: bytes + place * width, count: width)
            }
        }
    }
}

/// GatherND.
struct TupleGathering: ONNXOperator {
    let batchDimensions: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let data = try node.input(0, .fixedWidth)
        let indices = try node.input(1, [.int64])
        let length = indices.shape.last ?? 0
        guard batchDimensions >= 0, batchDimensions < indices.shape.count, length >= 1,
            batchDimensions + length <= data.shape.count,
            data.shape[..<batchDimensions] == indices.shape[..<batchDimensions]
        else { throw .shapeMismatch("indices of shape \(indices.shape) for data of shape \(data.shape)") }
        let strides = ONNXShape.strides(data.shape)
        let rest = data.shape[(batchDimensions + length)...]
        let output = try node.output(data.type, indices.shape.dropLast() + rest)
        let batches = data.shape[..<batchDimensions].reduce(1, *)
        let batchStride = data.shape[batchDimensions...].reduce(1, *)
        let tuples = indices.shape[batchDimensions...].dropLast().reduce(1, *)
        let width = rest.reduce(1, *) * data.type.stride
        let sizes = Array(data.shape[batchDimensions..<batchDimensions + length])
        let steps = Array(strides[batchDimensions..<batchDimensions + length])
        let (source, stride, read) = (data.operand, data.type.stride, IndexReader(indices, size: 0))
        node.run { frame throws(ONNXRunError) in
            let (bytes, target) = (frame(source, as: UInt8.self), frame(output, as: UInt8.self))
            for batch in 0..<batches {
                for tuple in 0..<tuples {
                    let number = batch * tuples + tuple
                    var place = batch * batchStride
                    for index in 0..<length {
                        place += (try read(frame, number * length + index, size: sizes[index])) * steps[index]
                    }
                    (target + number * width).update(from: bytes + place * stride, count: width)
                }
            }
        }
    }
}
