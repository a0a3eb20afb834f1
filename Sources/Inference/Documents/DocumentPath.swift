/// The keys and indexes that lead to the value that is being read, for messages.
struct DocumentPath: CustomStringConvertible {
    private enum Step {
        case key(StaticString)
        case index(Int)
    }

    private var steps: [Step] = []

    init(_ keys: StaticString...) {
        steps = keys.map(Step.key)
    }

    var isEmpty: Bool { steps.isEmpty }

    mutating func enter(_ key: StaticString) { steps.append(.key(key)) }
    mutating func enter(_ index: Int) { steps.append(.index(index)) }
    mutating func leave() { steps.removeLast() }

    /// For example `learner.gradient_booster.model.trees[3].left_children`.
    var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key): text += text.isEmpty ? "\(key)" : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "the model" : text
    }
}
