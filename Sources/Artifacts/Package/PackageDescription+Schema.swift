package import Modeling
import YAML

extension PackageDescription {
    /// The JSON Schema (2020-12) of a `model.yaml`; made of what reads it.
    ///
    /// What depends on the model's own schemas is left to the reader: which fields there are, and of what type.
    package static var schema: JSON {
        expected.shape.document(
            SchemaStyle(takesReferences: false), identifier: "martlet:/schema/model",
            title: "model.yaml of a Martlet package",
            description: "What a model is called, what goes in and comes out, and how that becomes features.",
            definitions: SchemaDocuments.definitions)
    }
}
