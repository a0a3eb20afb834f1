/// What the service answers from: its models as far as they have come, and whether it is about to stop.
struct ServiceState: Sendable {
    /// What is served is what this says, but for what only a restart changes.
    var configuration: ServiceConfiguration
    var slots: [ModelSlot]
    /// What describes the models that have loaded.
    var contract: ServedContract
    var isDraining = false
    var reloads = ReloadHistory()
    /// Whether a configuration was asked for that could not be taken over: any later reload tries again.
    var isConfigurationDue = false
    /// Another number for other models.
    var generation = 0

    /// A service whose models have not been loaded.
    init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration
        slots = configuration.models.map { ModelSlot($0) }
        contract = ServedContract(slots, configuration: configuration)
    }

    var status: ServiceStatus { ServiceStatus(slots.map(\.loading), isDraining: isDraining) }
}
