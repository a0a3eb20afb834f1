/// The version of Martlet (Semantic Versioning 2.0.0).
package let serviceVersion = "0.1.0"
