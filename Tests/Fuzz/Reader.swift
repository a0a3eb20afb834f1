/// Everything of Martlet that reads bytes it has not made itself.
enum Reader: String, CaseIterable {
    case lightgbm
    case xgboostJSON = "xgboost-json"
    case xgboostUBJ = "xgboost-ubj"
    case onnx
    case tokenizer
    case package
    case archive
    case verify
    case configuration
    case record
    case head

    func read(_ bytes: [UInt8]) {
        switch self {
        case .lightgbm: readLightGBM(bytes)
        // The first bytes decide which of the two it is; seeds keep the fuzzer at one of them.
        case .xgboostJSON, .xgboostUBJ: readXGBoost(bytes)
        case .onnx: readONNX(bytes)
        case .tokenizer: readTokenizer(bytes)
        case .package: readPackageDescription(bytes)
        case .archive: readZip(bytes)
        case .verify: verifyPackage(bytes)
        case .configuration: readConfiguration(bytes)
        case .record: readRecord(bytes)
        case .head: readHead(bytes)
        }
    }
}
