import Glibc

/// What a scattered element does to the one in its place.
enum ScatterReduction: String, Sendable {
    case none
    case add
    case mul
    case min
    case max

    init(_ node: ONNXNode) throws(ONNXMistake) {
        let name = try node.string("reduction") ?? "none"
        guard let known = Self(rawValue: name) else {
            throw .invalidAttribute("reduction", reason: "is '\(name)'")
        }
        self = known
    }

    /// A step that brings `count` runs of `length` elements of `updates`, one after another, to the places in `output`.
    ///
    /// - Parameter place: where a run goes, within the output.
    func kernel(
        _ type: ONNXElementType, from updates: Operand, to output: Operand, count: Int, length: Int,
        place: @escaping @Sendable (Frame, Int) throws(ONNXRunError) -> Int
    ) throws(ONNXMistake) -> Kernel {
        if self == .none {
            let width = type.stride
            return { frame throws(ONNXRunError) in
                let (source, target) = (frame(updates, as: UInt8.self), frame(output, as: UInt8.self))
                for run in 0..<count {
                    let place = try place(frame, run)
                    memcpy(target + place * width, source + run * length * width, length * width)
                }
            }
        }
        return switch type {
        case .float: reducing(Float.self, updates, output, count, length, place)
        case .double: reducing(Double.self, updates, output, count, length, place)
        case .int32: reducing(Int32.self, updates, output, count, length, place)
        case .int64: reducing(Int64.self, updates, output, count, length, place)
        case .int8: reducing(Int8.self, updates, output, count, length, place)
        case .uint8: reducing(UInt8.self, updates, output, count, length, place)
        case .bool, .string: throw .unsupportedType(type.description, supported: .numbers)
        }
    }

    private func reducing<T: ONNXNumber>(
        _ type: T.Type, _ updates: Operand, _ output: Operand, _ count: Int, _ length: Int,
        _ place: @escaping @Sendable (Frame, Int) throws(ONNXRunError) -> Int
    ) -> Kernel {
        { frame throws(ONNXRunError) in
            let (source, target) = (frame(updates, as: T.self), frame(output, as: T.self))
            for run in 0..<count {
                let place = try place(frame, run)
                for index in 0..<length {
                    let (old, new) = (target[place + index], source[run * length + index])
                    target[place + index] =
                        switch self {
                        case .none: new
                        case .add: T.sum(old, new)
                        case .mul: T.product(old, new)
                        case .min: T.lesser(old, new)
                        case .max: T.greater(old, new)
                        }
                }
            }
        }
    }
}

extension NodePlan {
    /// The output of a scattering: a copy of the data at first.
    fileprivate mutating func scattered(_ data: PlannedValue) throws(ONNXMistake) -> Operand {
        let output = try output(data.type, data.shape)
        run(
            Copying.blocks(
                data.type, 1, length: data.count, from: data.operand, stride: 0, to: output, targetStride: 0))
        return output
    }

    /// Data, indices and updates of one type.
    fileprivate func scattering(
        _ types: [ONNXElementType]
    ) throws(ONNXMistake) -> (data: PlannedValue, indices: PlannedValue, updates: PlannedValue) {
        let data = try input(0, .fixedWidth)
        let (indices, updates) = (try input(1, types), try input(2))
        guard data.type == updates.type else { throw .typeMismatch(data.type, updates.type) }
        return (data, indices, updates)
    }
}

/// ScatterElements, which was called Scatter before opset 11.
struct ElementScattering: ONNXOperator {
    let axis: Int
    let reduction: ScatterReduction

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (data, indices, updates) = try node.scattering([.int32, .int64])
        let axis = try ONNXShape.axis(axis, rank: data.shape.count)
        guard indices.shape == updates.shape, indices.shape.count == data.shape.count,
            indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= data.shape[$0] })
        else {
            throw .shapeMismatch(
                "indices of shape \(indices.shape) and updates of shape \(updates.shape) for data of shape \(data.shape)"
            )
        }
        let output = try node.scattered(data)
        let strides = ONNXShape.strides(data.shape)
        // Where each element would go if its index were 0.
        let bases = Copying.places(
            start: 0, strides: strides.indices.map { $0 == axis ? 0 : strides[$0] }, shape: indices.shape)
        let (read, step) = (IndexReader(indices, size: data.shape[axis]), strides[axis])
        node.run(
            try reduction.kernel(data.type, from: updates.operand, to: output, count: bases.count, length: 1) {
                frame, index throws(ONNXRunError) in bases[index] + (try read(frame, index)) * step
            })
    }
}

/// ScatterND.
struct TupleScattering: ONNXOperator {
    let reduction: ScatterReduction

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (data, indices, updates) = try node.scattering([.int64])
        let length = indices.shape.last ?? 0
        guard length >= 1, length <= data.shape.count,
            updates.shape == Array(indices.shape.dropLast() + data.shape[length...])
        else {
            throw .shapeMismatch(
                "indices of shape \(indices.shape) and updates of shape \(updates.shape) for data of shape \(data.shape)"
            )
        }
        let output = try node.scattered(data)
        let (sizes, steps) = (Array(data.shape[..<length]), Array(ONNXShape.strides(data.shape)[..<length]))
        let read = IndexReader(indices, size: 0)
        node.run(
            try reduction.kernel(
                data.type, from: updates.operand, to: output, count: indices.shape.dropLast().reduce(1, *),
                length: data.shape[length...].reduce(1, *)
            ) { frame, tuple throws(ONNXRunError) in
                var place = 0
                for index in 0..<length {
                    place += (try read(frame, tuple * length + index, size: sizes[index])) * steps[index]
                }
                return place
            })
    }
}
