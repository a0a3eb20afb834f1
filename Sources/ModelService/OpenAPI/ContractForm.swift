package import Modeling
import YAML

/// Which OpenAPI a contract is written in.
package enum ContractVersion: String, CaseIterable, Sendable {
    /// Schemas are those of JSON Schema 2020-12.
    case v31 = "3.1.0"
    /// For tools that know no later one.
    case v30 = "3.0.3"
}

/// How a contract's file is written.
package enum ContractFormat: String, CaseIterable, Sendable {
    case yaml, json

    /// The format that a file's name says: JSON for one that ends in `.json`.
    package init(ofFile path: String) {
        self = path.hasSuffix(".json") ? .json : .yaml
    }

    /// A contract as a file, for people to read and to compare: the same bytes for the same contract.
    package func text(_ contract: JSON) -> [UInt8] {
        switch self {
        case .yaml: return Node(contract).text
        case .json:
            var bytes: [UInt8] = []
            contract.append(to: &bytes, indentation: 0)
            bytes.append(UInt8(ascii: "\n"))
            return bytes
        }
    }
}

/// The service that a configuration yields once all of `slots` have loaded, as an OpenAPI contract.
///
/// What has no model yet, or no endpoint, is not in it.
package func contract(
    _ slots: [ModelSlot], configuration: ServiceConfiguration, version: ContractVersion = .v31
) -> JSON {
    let document = openAPIDocument(slots, configuration: configuration)
    return switch version {
    case .v31: document
    case .v30: openAPI30(document)
    }
}

/// The contract as it is served: what is loaded now.
struct ServedContract: Sendable {
    let json: Representation
    let yaml: Representation

    init(_ slots: [ModelSlot], configuration: ServiceConfiguration) {
        let document = openAPIDocument(slots, configuration: configuration)
        var bytes: [UInt8] = []
        document.append(to: &bytes)
        json = Representation(bytes, as: "application/json")
        // RFC 9512.
        yaml = Representation(ContractFormat.yaml.text(document), as: "application/yaml")
    }
}
