/// The memory of one run of a plan: inputs to write, outputs to read.
///
/// `@unchecked Sendable`: the plan gives it to one caller at a time and takes it back under a lock.
package final class ONNXRun: @unchecked Sendable {
    // The plan owns its idle runs and lends one to the body of `withRun`, during which the plan is alive; a run that
    // the body keeps must not be used afterwards.
    private unowned(unsafe) let plan: ONNXPlan
    private let frame: Frame
    private let stringCount: Int
    private let tokensCount: Int

    init(_ plan: ONNXPlan) {
        self.plan = plan
        stringCount = plan.stringCount
        tokensCount = plan.tokensCount
        let byteCount = max(64, plan.memoryByteCount)
        let numbers = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        numbers.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        let strings = UnsafeMutablePointer<String>.allocate(capacity: max(1, stringCount))
        strings.initialize(repeating: "", count: stringCount)
        let tokens = UnsafeMutablePointer<[[String]]>.allocate(capacity: max(1, tokensCount))
        tokens.initialize(repeating: [], count: tokensCount)
        frame = Frame(numbers: numbers, strings: strings, tokens: tokens)
    }

    deinit {
        frame.numbers.deallocate()
        frame.strings.deinitialize(count: stringCount)
        frame.strings.deallocate()
        frame.tokens.deinitialize(count: tokensCount)
        frame.tokens.deallocate()
    }

    /// Writes one element of an input of numbers or booleans, rounded to its type; out of range it is the nearest.
    ///
    /// NaN becomes 0 in an input of integers.
    package func set(_ input: Int, at element: Int = 0, to value: Double) {
        let slot = slot(input, element)
        switch slot.type {
        case .float: frame(slot.operand, as: Float.self)[element] = Float(value)
        case .double: frame(slot.operand, as: Double.self)[element] = value
        case .bool: frame(slot.operand, as: Bool.self)[element] = value != 0
        case .int32: frame(slot.operand)[element] = Int32(clampingRounded: value)
        case .int64: frame(slot.operand)[element] = Int64(clampingRounded: value)
        case .int8: frame(slot.operand)[element] = Int8(clampingRounded: value)
        case .uint8: frame(slot.operand)[element] = UInt8(clampingRounded: value)
        case .string: preconditionFailure("an input of texts takes texts")
        }
    }

    /// Writes one element of an input of texts.
    package func set(_ input: Int, at element: Int = 0, to text: String) {
        let slot = slot(input, element)
        precondition(slot.type == .string)
        frame.strings(slot.operand)[element] = text
    }

    /// Writes all elements of an input: the numbers of a text's words, of which there are as many.
    package func set(_ input: Int, to text: String, tokenizedBy tokenizer: KerasTokenizer) {
        // Swift puts a temporary allocation on the stack only when its size is known to the compiler, and at most 1 KiB.
        if tokenizer.length <= 256 {
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) {
                set(input, to: text, tokenizer, UnsafeMutableBufferPointer(rebasing: $0[..<tokenizer.length]))
            }
        } else {
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: tokenizer.length) {
                set(input, to: text, tokenizer, $0)
            }
        }
    }

    private func set(
        _ input: Int, to text: String, _ tokenizer: KerasTokenizer, _ room: UnsafeMutableBufferPointer<Int32>
    ) {
        room.initialize(repeating: 0)
        // The span covers the room once, and does not outlive this call.
        var numbers = room.mutableSpan
        tokenizer.write(text, to: &numbers)
        for index in numbers.indices { set(input, at: index, to: Double(numbers[index])) }
    }

    /// Writes all elements of an input of numbers.
    package func set<Element: ONNXElement>(_ input: Int, to values: Span<Element>) {
        let slot = plan.inputs[input]
        precondition(slot.type == Element.elementType && slot.count == values.count && !slot.isKnown)
        let target = frame(slot.operand, as: Element.self)
        for index in values.indices { target[index] = values[index] }
    }

    /// Writes all elements of an input from a tensor of its type and shape.
    package func set(_ input: Int, to tensor: ONNXTensor) {
        let slot = plan.inputs[input]
        precondition(slot.type == tensor.type && slot.count == tensor.count && !slot.isKnown)
        if tensor.type == .string {
            let texts = tensor.strings
            for index in texts.indices { frame.strings(slot.operand)[index] = texts[index] }
        } else {
            frame(slot.operand, as: UInt8.self)
                .update(
                    from: tensor.memory.assumingMemoryBound(to: UInt8.self), count: tensor.count * tensor.type.stride)
        }
    }

    /// Computes the outputs from the inputs.
    package func run() throws(ONNXRunError) {
        try plan.compute(frame)
    }

    /// One element of an output of numbers or booleans.
    package func number(_ output: Int, at element: Int = 0) -> Double {
        let slot = plan.outputs[output]
        precondition(element >= 0 && element < slot.count)
        return switch slot.type {
        case .float: Double(frame(slot.operand, as: Float.self)[element])
        case .double: frame(slot.operand, as: Double.self)[element]
        case .bool: frame(slot.operand, as: Bool.self)[element] ? 1 : 0
        case .int32: Double(frame(slot.operand, as: Int32.self)[element])
        case .int64: Double(frame(slot.operand, as: Int64.self)[element])
        case .int8: Double(frame(slot.operand, as: Int8.self)[element])
        case .uint8: Double(frame(slot.operand, as: UInt8.self)[element])
        case .string: preconditionFailure("an output of texts has texts")
        }
    }

    /// One element of an output of texts.
    package func text(_ output: Int, at element: Int = 0) -> String {
        let slot = plan.outputs[output]
        precondition(slot.type == .string && element >= 0 && element < slot.count)
        return frame.strings(slot.operand)[element]
    }

    /// All elements of an output of numbers; they change with the next run.
    @_lifetime(borrow self)
    package func values<Element: ONNXElement>(_ output: Int, as type: Element.Type = Element.self) -> Span<Element> {
        let slot = plan.outputs[output]
        precondition(slot.type == Element.elementType)
        // The memory lives as long as the run, which the span borrows.
        let span = Span(_unsafeStart: UnsafePointer(frame(slot.operand, as: Element.self)), count: slot.count)
        return _overrideLifetime(span, borrowing: self)
    }

    /// A copy of an output.
    package func tensor(_ output: Int) throws(ONNXMistake) -> ONNXTensor {
        let slot = plan.outputs[output]
        if slot.isRagged {
            let rows = frame.tokens(slot.operand).pointee
            return try ONNXTensor(rows.flatMap(\.self), shape: slot.shape + [rows.first?.count ?? 0])
        }
        let tensor = try ONNXTensor(slot.type, slot.shape)
        if slot.type == .string {
            let target = tensor.memory.assumingMemoryBound(to: String.self)
            for index in 0..<slot.count { target[index] = frame.strings(slot.operand)[index] }
        } else {
            tensor.memory.copyMemory(
                from: frame(slot.operand, as: UInt8.self), byteCount: slot.count * slot.type.stride)
        }
        return tensor
    }

    private func slot(_ input: Int, _ element: Int) -> ONNXPlan.Slot {
        let slot = plan.inputs[input]
        precondition(element >= 0 && element < slot.count && !slot.isKnown)
        return slot
    }
}

extension FixedWidthInteger {
    /// The nearest integer of this type; 0 for NaN.
    init(clampingRounded value: Double) {
        let rounded = value.rounded(.toNearestOrEven)
        if rounded.isNaN {
            self = 0
        } else if rounded >= Double(Self.max) {
            self = .max
        } else {
            self = rounded <= Double(Self.min) ? .min : Self(rounded)
        }
    }
}
