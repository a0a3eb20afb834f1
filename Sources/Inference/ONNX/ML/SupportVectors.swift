import Glibc

/// What stands for the product of two rows in a support vector machine.
struct SupportVectorKernel: Sendable {
    enum Function { case linear, polynomial, radial, sigmoid }

    let function: Function
    let gamma: Double
    let offset: Double
    let degree: Double

    init(_ node: ONNXNode) throws(ONNXMistake) {
        switch try node.string("kernel_type") ?? "LINEAR" {
        case "LINEAR": function = .linear
        case "POLY": function = .polynomial
        case "RBF": function = .radial
        case "SIGMOID": function = .sigmoid
        case let other: throw .invalidAttribute("kernel_type", reason: "is '\(other)'")
        }
        let parameters = try node.floats("kernel_params") ?? []
        guard parameters.isEmpty && function == .linear || parameters.count == 3 else {
            throw .invalidAttribute("kernel_params", reason: "has \(parameters.count) values where three are needed")
        }
        (gamma, offset, degree) =
            parameters.isEmpty ? (0, 0, 0) : (Double(parameters[0]), Double(parameters[1]), Double(parameters[2]))
    }

    /// The products of a row with `count` vectors that follow each other.
    func products(
        _ row: UnsafePointer<Float>, _ vectors: UnsafePointer<Float>, _ columns: Int, _ count: Int,
        _ target: UnsafeMutablePointer<Double>
    ) {
        for index in 0..<count {
            let vector = vectors + index * columns
            var sum = 0.0
            if function == .radial {
                for column in 0..<columns {
                    let distance = Double(row[column]) - Double(vector[column])
                    sum += distance * distance
                }
            } else {
                for column in 0..<columns { sum += Double(row[column]) * Double(vector[column]) }
            }
            target[index] =
                switch function {
                case .linear: sum
                case .polynomial: pow(gamma * sum + offset, degree)
                case .radial: exp(-gamma * sum)
                case .sigmoid: tanh(gamma * sum + offset)
                }
        }
    }
}

/// SVMRegressor, whose coefficients without support vectors are those of a linear model.
struct SupportVectorRegressor: ONNXOperator {
    private let kernel: SupportVectorKernel
    private let vectors: AlignedBuffer<Float>
    private let coefficients: [Double]
    private let columns: Int
    private let intercept: Double
    /// The side of the surface that a row is on, 1 or -1.
    private let isOneClass: Bool
    private let transform: PostTransform

    init(_ node: ONNXNode) throws(ONNXMistake) {
        let given = try node.required("coefficients", try node.floats("coefficients"))
        let count = try node.int("n_supports") ?? 0
        if count > 0 {
            let values = try node.required("support_vectors", try node.floats("support_vectors"))
            guard given.count == count, values.count % count == 0, !values.isEmpty else {
                throw .invalidAttribute(
                    "n_supports", reason: "is \(count) for \(given.count) coefficients and \(values.count) values")
            }
            kernel = try SupportVectorKernel(node)
            coefficients = given.map { Double($0) }
            vectors = AlignedBuffer(values)
        } else {
            guard count == 0, !given.isEmpty else { throw .invalidAttribute("n_supports", reason: "is \(count)") }
            kernel = try SupportVectorKernel(node)
            guard kernel.function == .linear else {
                throw .invalidAttribute("n_supports", reason: "is 0 where the kernel needs support vectors")
            }
            coefficients = [1]
            vectors = AlignedBuffer(given)
        }
        columns = vectors.count / coefficients.count
        intercept = Double(try node.floats("rho")?.first ?? 0)
        isOneClass = try node.flag("one_class", default: false)
        transform = try PostTransform(node)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (features, rows, columns) = try node.floatRows()
        try node.expect(columns, self.columns)
        let output = try node.output(.float, [rows, 1])
        let products = try node.temporary(.double, [coefficients.count])
        let model = self
        node.run { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: Float.self), frame(output, as: Float.self))
            let values = frame(products, as: Double.self)
            for row in 0..<rows {
                model.kernel.products(
                    source + row * columns, model.vectors.base, columns, model.coefficients.count, values)
                var sum = model.intercept
                for index in model.coefficients.indices { sum += values[index] * model.coefficients[index] }
                target[row] = model.isOneClass ? (sum > 0 ? 1 : -1) : Float(sum)
            }
        }
    }
}

/// SVMClassifier: with support vectors a vote of every pair of classes, without them a linear model of each class.
struct SupportVectorClassifier: ONNXOperator {
    private let labels: ClassLabels
    private let transform: PostTransform
    private let kernel: SupportVectorKernel
    private let vectors: AlignedBuffer<Float>
    private let vectorCount: Int
    private let columns: Int
    /// The vectors of class i are `starts[i]..<starts[i + 1]`; empty without support vectors.
    private let starts: [Int]
    /// Row j − 1 has what class i's vectors weigh against class j > i, row i what class j's do.
    private let coefficients: [Double]
    private let isAllPositive: Bool
    private let intercepts: [Double]
    /// The sigmoid of each pair of classes; empty where scores are the answer.
    private let slopes: [Double]
    private let offsets: [Double]

    init(_ node: ONNXNode) throws(ONNXMistake) {
        labels = try ClassLabels(node)
        transform = try PostTransform(node)
        let given = try node.required("coefficients", try node.floats("coefficients"))
        isAllPositive = given.allSatisfy { $0 >= 0 }
        intercepts = try node.required("rho", try node.floats("rho")).map { Double($0) }
        slopes = try node.floats("prob_a")?.map { Double($0) } ?? []
        offsets = try node.floats("prob_b")?.map { Double($0) } ?? []
        kernel = try SupportVectorKernel(node)
        let counts = try node.ints("vectors_per_class") ?? []
        let classes = labels.count
        let pairs = classes * (classes - 1) / 2
        guard slopes.count == offsets.count, slopes.isEmpty || !counts.isEmpty && slopes.count == pairs else {
            throw .invalidAttribute("prob_a", reason: "has \(slopes.count) values for \(pairs) pairs of classes")
        }
        guard intercepts.count >= (counts.isEmpty ? 1 : pairs) else {
            throw .invalidAttribute("rho", reason: "has \(intercepts.count) values for \(pairs) pairs of classes")
        }
        guard !counts.isEmpty else {
            guard given.count % classes == 0, !given.isEmpty else {
                throw .invalidAttribute("coefficients", reason: "has \(given.count) values for \(classes) classes")
            }
            guard kernel.function == .linear else { throw .missingAttribute("vectors_per_class") }
            (vectors, vectorCount, coefficients, starts) = (AlignedBuffer(given), classes, [], [])
            columns = given.count / classes
            return
        }
        guard counts.count == classes, classes >= 2 else {
            throw .invalidAttribute("vectors_per_class", reason: "has \(counts.count) values for \(classes) classes")
        }
        let values = try node.required("support_vectors", try node.floats("support_vectors"))
        var starts = [0]
        for count in counts {
            guard count >= 0, count <= values.count - starts.last! else {
                throw .invalidAttribute("vectors_per_class", reason: "has the count \(count)")
            }
            starts.append(starts.last! + count)
        }
        let total = starts.last!
        guard total > 0, values.count % total == 0 else {
            throw .invalidAttribute("support_vectors", reason: "has \(values.count) values for \(total) vectors")
        }
        guard given.count == (classes - 1) * total else {
            throw .invalidAttribute("coefficients", reason: "has \(given.count) values for \(total) vectors")
        }
        (vectors, vectorCount, self.starts) = (AlignedBuffer(values), total, starts)
        coefficients = given.map { Double($0) }
        columns = values.count / total
    }

    private var pairCount: Int { labels.count * (labels.count - 1) / 2 }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let (features, rows, columns) = try node.floatRows()
        try node.expect(columns, self.columns)
        let output = try node.output(labels.tensor.type, [rows])
        let isVote = !starts.isEmpty
        let scoreCount = isVote && slopes.isEmpty ? pairCount : labels.count
        // A single score is written with that of the other class.
        let isPair = scoreCount == 1 && labels.count == 2
        let width = isPair ? 2 : scoreCount
        if isPair { try transform.checkPair() }
        let scores = try node.output(.float, [rows, width], at: 1)
        let products = try node.temporary(.double, [vectorCount])
        let decisions = try node.temporary(.double, [max(pairCount, 1)])
        let scratch = try node.temporary(.double, [isVote && !slopes.isEmpty ? labels.count * (labels.count + 2) : 1])
        let votes = try node.temporary(.int64, [labels.count])
        let model = self
        node.run { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: Float.self), frame(scores, as: Float.self))
            let values = frame(products, as: Double.self)
            for row in 0..<rows {
                let own = target + row * width
                model.kernel.products(source + row * columns, model.vectors.base, columns, model.vectorCount, values)
                let label: Int
                if isVote {
                    let pairs = frame(decisions, as: Double.self)
                    label = model.decide(values, pairs, frame(votes, as: Int64.self), own)
                    if !model.slopes.isEmpty { model.probabilities(pairs, frame(scratch, as: Double.self), own) }
                } else {
                    label = model.decideLinear(values, own)
                }
                if isPair {
                    model.transform.writePair(own[0], isProbability: model.transform != .none, own)
                } else {
                    model.transform.apply(own, width)
                }
                model.labels.write(label, frame, output, row)
            }
        }
    }

    /// Computes the decision of each pair of classes, and returns the class that most of them are for.
    private func decide(
        _ products: UnsafePointer<Double>, _ pairs: UnsafeMutablePointer<Double>, _ votes: UnsafeMutablePointer<Int64>,
        _ scores: UnsafeMutablePointer<Float>
    ) -> Int {
        votes.update(repeating: 0, count: labels.count)
        var pair = 0
        for one in 0..<labels.count {
            for other in one + 1..<labels.count {
                var sum = intercepts[pair]
                for index in starts[one]..<starts[one + 1] {
                    sum += coefficients[(other - 1) * vectorCount + index] * products[index]
                }
                for index in starts[other]..<starts[other + 1] {
                    sum += coefficients[one * vectorCount + index] * products[index]
                }
                pairs[pair] = sum
                if slopes.isEmpty { scores[pair] = Float(sum) }
                votes[sum > 0 ? one : other] += 1
                pair += 1
            }
        }
        var best = 0
        for index in 1..<labels.count where votes[index] > votes[best] { best = index }
        return best
    }

    /// Writes the score of each class, and returns the class of the greatest.
    ///
    /// Of two classes it is the second if any score is above 0, or at least 0.5 where no coefficient is negative: ONNX
    /// Runtime's rule.
    private func decideLinear(_ products: UnsafePointer<Double>, _ scores: UnsafeMutablePointer<Float>) -> Int {
        var best = 0
        for index in 0..<labels.count {
            scores[index] = Float(products[index] + intercepts[0])
            if scores[index] > scores[best] { best = index }
        }
        if labels.count == 2, isAllPositive ? scores[best] >= 0.5 : scores[best] > 0 { return 1 }
        return best
    }

    /// The probabilities that fit those of the pairs best, as libsvm finds them (Wu, Lin and Weng 2004, method 2).
    private func probabilities(
        _ pairs: UnsafePointer<Double>, _ scratch: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Float>
    ) {
        let count = labels.count
        let (matrix, estimate, product) = (scratch, scratch + count * count, scratch + count * (count + 1))
        var pair = 0
        for index in 0..<count {
            estimate[index] = 1 / Double(count)
            matrix[index * count + index] = 0
        }
        for one in 0..<count {
            for other in one + 1..<count {
                let raw = 1 - Sigmoid<Double>()(pairs[pair] * slopes[pair] + offsets[pair])
                let wins = min(max(raw, 1e-7), 1 - 1e-7)
                matrix[one * count + one] += (1 - wins) * (1 - wins)
                matrix[other * count + other] += wins * wins
                matrix[one * count + other] = -wins * (1 - wins)
                matrix[other * count + one] = -wins * (1 - wins)
                pair += 1
            }
        }
        for _ in 0..<max(100, count) {
            var total = 0.0
            for row in 0..<count {
                product[row] = 0
                for column in 0..<count { product[row] += matrix[row * count + column] * estimate[column] }
                total += estimate[row] * product[row]
            }
            var error = 0.0
            for row in 0..<count { error = max(error, abs(product[row] - total)) }
            if error < 0.005 / Double(count) { break }
            for row in 0..<count {
                let diagonal = matrix[row * count + row]
                let step = (total - product[row]) / diagonal
                estimate[row] += step
                total = (total + step * (step * diagonal + 2 * product[row])) / (1 + step) / (1 + step)
                for column in 0..<count {
                    product[column] = (product[column] + step * matrix[row * count + column]) / (1 + step)
                    estimate[column] /= 1 + step
                }
            }
        }
        for index in 0..<count { target[index] = Float(estimate[index]) }
    }
}

extension NodePlan {
    /// Checks that a row has as many features as a model has.
    fileprivate func expect(_ columns: Int, _ expected: Int) throws(ONNXMistake) {
        guard columns == expected else {
            throw .shapeMismatch("\(columns) features where the model has \(expected)")
        }
    }
}
