/// The windows of a convolution or pool over up to three spatial dimensions; missing ones have the size 1.
struct Windows: Sendable {
    /// The most spatial dimensions.
    static let maximumRank = 3

    let input: [Int]
    let output: [Int]
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    /// The padding before each dimension, and after it.
    let before: [Int]
    let after: [Int]
    /// The output's sizes without the dimensions that are missing.
    let outputShape: [Int]

    /// What a node says about its windows.
    struct Attributes: Sendable {
        let kernel: [Int]?
        let strides: [Int]?
        let dilations: [Int]?
        let pads: [Int]?
        let automatic: String
        let roundsUp: Bool

        init(_ node: ONNXNode) throws(ONNXMistake) {
            kernel = try node.ints("kernel_shape")
            strides = try node.ints("strides")
            dilations = try node.ints("dilations")
            pads = try node.ints("pads")
            automatic = try node.string("auto_pad") ?? "NOTSET"
            roundsUp = try node.flag("ceil_mode", default: false)
        }
    }

    init(_ attributes: Attributes, input: [Int], kernel: [Int]) throws(ONNXMistake) {
        let rank = input.count
        guard rank >= 1, rank <= Self.maximumRank, kernel.count == rank else {
            throw .shapeMismatch("\(rank) spatial dimensions, where 1 to \(Self.maximumRank) are supported")
        }
        let (strides, dilations) = (
            attributes.strides ?? kernel.map { _ in 1 }, attributes.dilations ?? kernel.map { _ in 1 }
        )
        let pads = attributes.pads ?? Array(repeating: 0, count: 2 * rank)
        let limit = 1...ONNXShape.maximumElementCount
        guard strides.count == rank, dilations.count == rank, pads.count == 2 * rank,
            (strides + dilations + kernel).allSatisfy(limit.contains), pads.allSatisfy({ $0 >= 0 && $0 <= 1 << 20 })
        else { throw .shapeMismatch("the windows \(kernel), strides \(strides) and pads \(pads) do not fit") }
        var (before, after, sizes) = (Array(pads[..<rank]), Array(pads[rank...]), [Int]())
        for index in 0..<rank {
            let extent = try ONNXShape.count([kernel[index] - 1, dilations[index]]) + 1
            let stride = strides[index]
            switch attributes.automatic {
            case "SAME_UPPER", "SAME_LOWER":
                let size = (input[index] + stride - 1) / stride
                let padding = max(0, (size - 1) * stride + extent - input[index])
                before[index] = attributes.automatic == "SAME_UPPER" ? padding / 2 : padding - padding / 2
                after[index] = padding - before[index]
                sizes.append(size)
                continue
            case "VALID": (before[index], after[index]) = (0, 0)
            case "NOTSET": break
            case let other: throw .invalidAttribute("auto_pad", reason: "is '\(other)'")
            }
            let free = input[index] + before[index] + after[index] - extent
            guard free >= 0 else { throw .shapeMismatch("the window \(kernel) is larger than the input \(input)") }
            var size = (attributes.roundsUp ? free + stride - 1 : free) / stride + 1
            // No window starts in the padding at the end.
            if attributes.roundsUp, (size - 1) * stride >= input[index] + before[index] { size -= 1 }
            sizes.append(size)
        }
        let missing = Self.maximumRank - rank
        let ones = [Int](repeating: 1, count: missing)
        let zeros = [Int](repeating: 0, count: missing)
        self.input = ones + input
        self.kernel = ones + kernel
        self.strides = ones + strides
        self.dilations = ones + dilations
        self.before = zeros + before
        self.after = zeros + after
        output = ones + sizes
        outputShape = sizes
    }

    var inputCount: Int { input.reduce(1, *) }
    var outputCount: Int { output.reduce(1, *) }
    var kernelCount: Int { kernel.reduce(1, *) }

    /// Calls `body` for each element of a window that lies within the input: its place, and that in the kernel.
    @inline(__always)
    func forEachElement(of window: Int, _ body: (_ place: Int, _ weight: Int) -> Void) {
        let column = window % output[2]
        let row = window / output[2] % output[1]
        let layer = window / (output[2] * output[1])
        for z in 0..<kernel[0] {
            let depth = layer * strides[0] - before[0] + z * dilations[0]
            guard depth >= 0, depth < input[0] else { continue }
            for y in 0..<kernel[1] {
                let line = row * strides[1] - before[1] + y * dilations[1]
                guard line >= 0, line < input[1] else { continue }
                for x in 0..<kernel[2] {
                    let place = column * strides[2] - before[2] + x * dilations[2]
                    guard place >= 0, place < input[2] else { continue }
                    body((depth * input[1] + line) * input[2] + place, (z * kernel[1] + y) * kernel[2] + x)
                }
            }
        }
    }

    /// The number of a window's elements within the input and its padding.
    func paddedCount(of window: Int) -> Int {
        let places = [window / (output[2] * output[1]), window / output[2] % output[1], window % output[2]]
        var count = 1
        for index in places.indices {
            let start = places[index] * strides[index] - before[index]
            var own = 0
            for step in 0..<kernel[index] where start + step * dilations[index] < input[index] + after[index] {
                own += 1
            }
            count *= own
        }
        return count
    }
}
