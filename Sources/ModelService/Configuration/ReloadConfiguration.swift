internal import YAML

/// The `reload:` section: when the service looks again at its files and packages, beside SIGHUP.
package struct ReloadConfiguration: Sendable, Hashable {
    /// Whether a change of the configuration file, of a key's file or of a folder of packages is a reason; default
    /// false.
    package var watchesFiles = false
    /// From one question for newer packages to the next, 1 s to 24 h; default none, and nobody is asked.
    package var packageInterval: Duration?

    /// What ``packageInterval`` may be: 1 s to 24 h.
    package static let packageIntervals = Duration.seconds(1)...Duration.seconds(86_400)

    package init() {}
}

extension Expected<ReloadConfiguration> {
    static var reload: Expected {
        .mapping { reader in
            var reload = ReloadConfiguration()
            reload.watchesFiles = reader.value(
                "watch", .bool, default: reload.watchesFiles,
                about:
                    "Whether a change of this file, of a key's file or of the folder of packages reloads the service.")
            reload.packageInterval = reader.optional(
                "package_interval", .duration(in: ReloadConfiguration.packageIntervals),
                about: "How often the stores are asked for newer packages than those served. Left out: never.")
            return reload
        }
    }
}
