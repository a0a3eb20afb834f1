import Glibc

/// Steps that move elements without looking at them.
enum Copying {
    /// A step that copies the elements of a regular grid: `target[i] = source[start + Σ index[d] · strides[d]]`.
    ///
    /// The caller has made sure that every place of the grid lies within the source.
    static func grid(
        _ type: ONNXElementType, from input: Operand, start: Int, strides: [Int], shape: [Int], to output: Operand
    ) -> Kernel {
        switch type.stride {
        case 1: grid(UInt8.self, input, start, strides, shape, output)
        case 4: grid(UInt32.self, input, start, strides, shape, output)
        case 8: grid(UInt64.self, input, start, strides, shape, output)
        default:
            strings(input, output, places(start: start, strides: strides, shape: shape))
        }
    }

    private static func grid<Bits: BitwiseCopyable & Sendable>(
        _ bits: Bits.Type, _ input: Operand, _ start: Int, _ strides: [Int], _ shape: [Int], _ output: Operand
    ) -> Kernel {
        let count = shape.reduce(1, *)
        let row = shape.last ?? 1
        let step = strides.last ?? 0
        let (sizes, distances) = (Array(shape.dropLast().reversed()), Array(strides.dropLast().reversed()))
        return { frame throws(ONNXRunError) in
            let source = frame(input, as: Bits.self) + start
            let target = frame(output, as: Bits.self)
            var place = 0
            var number = 0
            while place < count {
                var rest = number
                var offset = 0
                for dimension in sizes.indices {
                    let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[dimension])
                    rest = quotient
                    offset += index * distances[dimension]
                }
                for index in 0..<row { target[place + index] = source[offset + index * step] }
                place += row
                number += 1
            }
        }
    }

    /// The places of a grid in the order of its elements.
    static func places(start: Int, strides: [Int], shape: [Int]) -> [Int] {
        var places = [start]
        for (size, stride) in zip(shape, strides) {
            places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
        }
        return places
    }

    private static func strings(_ input: Operand, _ output: Operand, _ places: [Int]) -> Kernel {
        { frame throws(ONNXRunError) in
            let (source, target) = (frame.strings(input), frame.strings(output))
            for index in places.indices { target[index] = source[places[index]] }
        }
    }

    /// A step that copies `blocks` runs of `length` elements: run i from `sourceStart + i · sourceStride` to
    /// `targetStart + i · targetStride`.
    static func blocks(
        _ type: ONNXElementType, _ blocks: Int, length: Int, from input: Operand, start: Int = 0, stride: Int,
        to output: Operand, at targetStart: Int = 0, targetStride: Int
    ) -> Kernel {
        let width = type.stride
        if type == .string {
            return { frame throws(ONNXRunError) in
                let (source, target) = (frame.strings(input), frame.strings(output))
                for block in 0..<blocks {
                    for index in 0..<length {
                        target[targetStart + block * targetStride + index] = source[start + block * stride + index]
                    }
                }
            }
        }
        if length == 1, width == 8 {
            // Single columns are what tabular models are joined from.
            return { frame throws(ONNXRunError) in
                let source = frame(input, as: UInt64.self) + start
                let target = frame(output, as: UInt64.self) + targetStart
                for block in 0..<blocks { target[block * targetStride] = source[block * stride] }
            }
        }
        return { frame throws(ONNXRunError) in
            let source = frame(input, as: UInt8.self) + start * width
            let target = frame(output, as: UInt8.self) + targetStart * width
            for block in 0..<blocks {
                memcpy(target + block * targetStride * width, source + block * stride * width, length * width)
            }
        }
    }
}
