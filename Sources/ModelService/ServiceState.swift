/// What the service answers from: its models as far as they have come, and whether it is about to stop.
struct ServiceState: Sendable {
    var slots: [ModelSlot]
    /// What describes the models that have loaded.
    var contract: ServedContract
    var isDraining = false

    var status: ServiceStatus { ServiceStatus(slots.map(\.loading), isDraining: isDraining) }
}
