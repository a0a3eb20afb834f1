extension ONNXOperatorTable {
    /// Reductions and what orders or counts along an axis.
    static let reductions: [ONNXOperatorDefinition] =
        ([
            ("ReduceSum", .sum), ("ReduceMean", .mean), ("ReduceMax", .maximum), ("ReduceMin", .minimum),
            ("ReduceProd", .product), ("ReduceL1", .l1), ("ReduceL2", .l2), ("ReduceSumSquare", .sumSquare),
            ("ReduceLogSum", .logSum), ("ReduceLogSumExp", .logSumExp),
        ] as [(String, Reduction.Function)])
        .map { name, function in
            .init(name, since: 1, function.types) { node throws(ONNXMistake) in try Reduction(function, node) }
        } + [
            .init("ArgMax", since: 1, .numbers) { node throws(ONNXMistake) in try ArgumentSearch(node) },
            .init("ArgMin", since: 1, .numbers) { node throws(ONNXMistake) in try ArgumentSearch(node) },
            .init("TopK", since: 1, .numbers) { node throws(ONNXMistake) in try TopSelection(node) },
            .init("CumSum", since: 11, .numbers) { node throws(ONNXMistake) in
                CumulativeSum(
                    isExclusive: try node.flag("exclusive", default: false),
                    isReverse: try node.flag("reverse", default: false))
            },
            .init("OneHot", since: 9, .numbers) { node throws(ONNXMistake) in OneHot(axis: try node.int("axis") ?? -1)
            },
            .init("Range", since: 11, [.float, .double, .int32, .int64], NumberRange()),
        ]
}
