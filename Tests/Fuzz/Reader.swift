/// Everything of Martlet that reads bytes it has not made itself.
enum Reader: String, CaseIterable {
    case lightgbm
    case xgboostJSON = "xgboost-json"
    case xgboostUBJ = "xgboost-ubj"
    case onnx
    case package
    case configuration
    case record
    case head

    func read(_ bytes: [UInt8]) {
        switch self {
        case .lightgbm: readLightGBM(bytes)
        // The first bytes decide which of the two it is; seeds keep the fuzzer at one of them.
        case .xgboostJSON, .xgboostUBJ: readXGBoost(bytes)
        case .onnx: readONNX(bytes)
        case .package: readPackageDescription(bytes)
        case .configuration: readConfiguration(bytes)
        case .record: readRecord(bytes)
        case .head: readHead(bytes)
        }
    }
}
