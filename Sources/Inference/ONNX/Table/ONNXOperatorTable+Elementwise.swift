extension ONNXOperatorTable {
    /// Arithmetic, comparison, logic, activations and casts.
    static let elementwise: [ONNXOperatorDefinition] =
        [
            .init("Add", .numbers, Arithmetic(function: .add)),
            .init("Sub", .numbers, Arithmetic(function: .subtract)),
            .init("Mul", .numbers, Arithmetic(function: .multiply)),
            .init("Div", .numbers, Arithmetic(function: .divide)),
            .init("Pow", .numbers, Exponentiation()),
            .init("Mod", since: 10, .numbers) { node throws(ONNXMistake) in
                Arithmetic(function: .remainder(isTruncated: try node.flag("fmod", default: false)))
            },
            .init("Min", .numbers, VariadicArithmetic(function: .minimum, isMean: false)),
            .init("Max", .numbers, VariadicArithmetic(function: .maximum, isMean: false)),
            .init("Sum", .floats, VariadicArithmetic(function: .add, isMean: false)),
            .init("Mean", .floats, VariadicArithmetic(function: .add, isMean: true)),
            .init("Equal", .all, Comparison(function: .equal)),
            .init("Less", .numbers, Comparison(function: .less)),
            .init("Greater", .numbers, Comparison(function: .greater)),
            .init("LessOrEqual", since: 12, .numbers, Comparison(function: .lessOrEqual)),
            .init("GreaterOrEqual", since: 12, .numbers, Comparison(function: .greaterOrEqual)),
            .init("And", [.bool], Logic(function: .and)),
            .init("Or", [.bool], Logic(function: .or)),
            .init("Xor", [.bool], Logic(function: .xor)),
            .init("Not", since: 1, [.bool], Negation()),
            .init("Where", since: 9, [.bool], Selection()),
            .init("IsNaN", since: 9, .floats, Classification(function: .isNaN)),
            .init("IsInf", since: 10, .floats) { node throws(ONNXMistake) in
                Classification(
                    function: .isInfinite(
                        positive: try node.flag("detect_positive", default: true),
                        negative: try node.flag("detect_negative", default: true)))
            },
            .init("Cast", since: 6, .all) { node throws(ONNXMistake) in try Casting(node) },
            .init("CastLike", since: 15, .all) { node throws(ONNXMistake) in try Casting(node) },
            .init("Clip", since: 6, .numbers) { node throws(ONNXMistake) in
                Clipping(lowest: try node.float("min"), highest: try node.float("max"))
            },
            .init("PRelu", .floats, ParametricRelu()),
        ] + simpleUnary + parametricUnary

    private static let simpleUnary: [ONNXOperatorDefinition] =
        ([
            ("Abs", 6, .absolute), ("Neg", 6, .negate), ("Sign", 9, .sign), ("Relu", 6, .relu),
            ("Exp", 6, .exponential), ("Log", 6, .logarithm), ("Sqrt", 6, .squareRoot),
            ("Reciprocal", 6, .reciprocal), ("Floor", 6, .floor), ("Ceil", 6, .ceiling), ("Round", 11, .round),
            ("Tanh", 6, .hyperbolicTangent), ("Sigmoid", 6, .sigmoid), ("Softplus", 1, .softplus),
            ("Softsign", 1, .softsign), ("Erf", 9, .errorFunction), ("Sin", 7, .sine), ("Cos", 7, .cosine),
            ("Tan", 7, .tangent), ("Asin", 7, .arcsine), ("Acos", 7, .arccosine), ("Atan", 7, .arctangent),
            ("Sinh", 9, .hyperbolicSine), ("Cosh", 9, .hyperbolicCosine), ("Asinh", 9, .areaSine),
            ("Acosh", 9, .areaCosine), ("Atanh", 9, .areaTangent), ("HardSwish", 14, .hardSwish),
            ("Mish", 18, .mish),
        ] as [(String, Int, UnaryOperator.Function)])
        .map { .init($0.0, since: $0.1, $0.2.types, UnaryOperator(function: $0.2)) }

    private static let parametricUnary: [ONNXOperatorDefinition] = [
        .init("LeakyRelu", since: 6, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .leakyRelu(try node.float("alpha") ?? 0.01))
        },
        .init("Elu", since: 6, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .elu(try node.float("alpha") ?? 1))
        },
        .init("Celu", since: 12, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .celu(try node.float("alpha") ?? 1))
        },
        .init("Selu", since: 6, .floats) { node throws(ONNXMistake) in
            UnaryOperator(
                function: .selu(
                    alpha: try node.float("alpha") ?? 1.67326319217681884765625,
                    gamma: try node.float("gamma") ?? 1.05070102214813232421875))
        },
        .init("HardSigmoid", since: 6, .floats) { node throws(ONNXMistake) in
            UnaryOperator(
                function: .hardSigmoid(
                    alpha: try node.float("alpha") ?? 0.2, beta: try node.float("beta") ?? 0.5))
        },
        .init("Swish", since: 24, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .swish(try node.float("alpha") ?? 1))
        },
        .init("ThresholdedRelu", since: 10, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .thresholdedRelu(try node.float("alpha") ?? 1))
        },
        .init("Shrink", since: 9, .floats) { node throws(ONNXMistake) in
            UnaryOperator(
                function: .shrink(lambda: try node.float("lambd") ?? 0.5, bias: try node.float("bias") ?? 0))
        },
        .init("Gelu", since: 20, .floats) { node throws(ONNXMistake) in
            UnaryOperator(function: .gelu(isApproximate: try node.string("approximate") == "tanh"))
        },
    ]
}
