/// What a decorator is given by the service that it is part of.
package struct DecoratorEnvironment: Sendable {
    /// How much an event matters.
    package enum Level: Sendable {
        case debug, info, warning, error
    }

    /// Takes a line for the service's log; never blocks.
    package let log: @Sendable (Level, String) -> Void
    /// The digest of the package that the innermost model was made from; `nil` for a model without one.
    package let parametersDigest: String?

    package init(
        parametersDigest: String? = nil, log: @escaping @Sendable (Level, String) -> Void = { _, _ in }
    ) {
        self.parametersDigest = parametersDigest
        self.log = log
    }
}
