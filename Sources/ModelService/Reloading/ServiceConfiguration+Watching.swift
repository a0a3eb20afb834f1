extension ServiceConfiguration {
    /// Whose change makes the service another, each with what is to be looked at then; nothing unless that is asked for.
    var watchedPlaces: [WatchedPlace: ReloadCauses] {
        guard reload.watchesFiles else { return [:] }
        var places: [WatchedPlace: ReloadCauses] = [.file(file): .files]
        for key in keys {
            if case .file(let path) = key.source { places[.file(path)] = .files }
        }
        if case .folder(let folder) = modelPackages.location {
            places[.folder(folder)] = .packages
            // A package may be a folder itself then.
            if modelPackages.allowsUnsigned {
                for model in models { places[.folder("\(folder)/\(model.qualifiedName)")] = .packages }
            }
        }
        return places
    }
}
