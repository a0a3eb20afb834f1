/// The formats of model files that are read.
package enum ModelFileFormat: String, Sendable, CaseIterable {
    /// LightGBM's text format.
    case lightGBM = "lightgbm"
    /// XGBoost's JSON or UBJSON.
    case xgboost
    /// An ONNX graph, in protobuf.
    case onnx

    /// Recognises a file by its content; its name says nothing.
    ///
    /// A file that is damaged later on is still recognised, so that its reader can say where.
    package init(recognizing bytes: RawSpan) throws(UnknownModelFile) {
        if bytes.starts(with: "tree\n") || bytes.starts(with: "tree\r") {
            self = .lightGBM
        } else if XGBoostFile.encoding(bytes) != nil {
            self = .xgboost
        } else if ONNXOutline.isModel(bytes) {
            self = .onnx
        } else {
            throw UnknownModelFile(bytes)
        }
    }
}

/// Bytes that are no model of a known format, and what they seem to be.
package enum UnknownModelFile: Error, Hashable, CustomStringConvertible {
    case empty
    /// RFC 1952 §2.3.1.
    case gzip
    case zip
    case pickle
    case unknown

    init(_ bytes: RawSpan) {
        if bytes.isEmpty {
            self = .empty
        } else if bytes.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
        } else if bytes.byteCount > 1, bytes.byte(0) == 0x80, (2...5).contains(bytes.byte(1)) {
            self = .pickle
        } else {
            self = .unknown
        }
    }

    /// One line: what it is, and what to do.
    package var description: String {
        switch self {
        case .empty: "the file is empty; save the model again"
        case .gzip: "the file is compressed with gzip; unpack it with gunzip and name the unpacked file"
        case .zip: "the file is a zip archive; unpack it and name the model in it, or the folder if it is a package"
        case .pickle:
            "the file is a Python pickle, which is code and never read; save the model in its library's format"
        case .unknown:
            "this is no model file; LightGBM's text, XGBoost's JSON and UBJSON and ONNX are recognised by their content"
        }
    }
}

extension RawSpan {
    /// Whether these bytes begin with those of `prefix`.
    fileprivate func starts(with prefix: StaticString) -> Bool {
        byteCount >= prefix.utf8CodeUnitCount && starts(at: 0, with: prefix)
    }

    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        byteCount >= prefix.count && prefix.indices.allSatisfy { byte($0) == prefix[$0] }
    }
}
