package import Modeling
import YAML

extension ServiceConfiguration {
    /// The JSON Schema (2020-12) of a configuration's text, before `${…}` is replaced; made of what reads it.
    ///
    /// What only the whole file shows is left to the reader: ids and names that are taken, at most one primary key, and
    /// what `environment: production` refuses.
    /// - Parameter catalog: what the executable brings along; of its `configuration:` nothing is known here.
    package static func schema(_ catalog: Catalog) -> JSON {
        Expected.service(file: "", catalog: catalog).shape.document(
            SchemaStyle(takesReferences: true), identifier: "martlet:/schema/config",
            title: "Configuration of a Martlet service",
            description: "What martlet serve reads. Any value may hold ${NAME} or ${NAME:-default}, taken from the"
                + " environment.")
    }
}
