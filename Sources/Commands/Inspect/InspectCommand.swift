import Modeling

extension Option {
    fileprivate static let format = Option(
        name: "--format", value: "FORMAT", summary: "text or json, one object a line (default: text)")
}

private enum InspectionFormat: String, CaseIterable {
    case text, json
}

extension Martlet {
    static let inspectCommand = Command(
        name: "inspect", summary: "Show what a model file or a package is", operands: "PATH...",
        details: """
            A PATH is a LightGBM text file, an XGBoost JSON or UBJSON file, an ONNX file, or the folder of a package. The
            content decides which, not the name. Of a model that can't be loaded, the command shows what can be known,
            prints the reason on standard error and exits with 1.
            """,
        options: [.format]
    ) { arguments, environment in
        let expected = InspectionFormat.allCases.map(\.rawValue).joined(separator: " or ")
        let format = try arguments.value(of: .format, expected: expected, InspectionFormat.init(rawValue:)) ?? .text
        guard !arguments.operands.isEmpty else { throw UsageError.missingOperand("PATH") }
        var status = ExitStatus.success
        var isFirst = true
        for path in arguments.operands {
            do {
                let inspection = try Inspection(path: path)
                switch format {
                case .text:
                    if !isFirst { Terminal.print("") }
                    Terminal.print(inspection.text)
                case .json: Terminal.print("\(inspection.json)")
                }
                isFirst = false
                if let refusal = inspection.refusal {
                    Terminal.printError("\(inspection.modelPath): \(refusal)")
                    status = .failure
                }
            } catch let failure as Failure {
                Terminal.printError(failure.message)
                status = .failure
            } catch {
                Terminal.printError("\(error)")
                status = .failure
            }
        }
        return status
    }
}
