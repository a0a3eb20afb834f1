internal import Glibc

/// Why a folder is no package, in one line that names the file.
package enum PackageFolderError: Error, Hashable, CustomStringConvertible {
    case file(FileError)
    case badName(path: String, reason: String)
    case tooManyFiles(folder: String, limit: Int)
    case tooManyBytes(folder: String, limit: Int)

    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .badName(let path, let reason): "\(path): \(reason), and goes into no package; rename or remove it"
        case .tooManyFiles(let folder, let limit):
            "\(folder): there are more than \(limit) files, the most of a package"
        case .tooManyBytes(let folder, let limit): "\(folder): the files have more than \(limit) bytes in all"
        }
    }
}

/// A folder with the files of a package.
package struct PackageFolder: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// The files that a prediction needs, for development: no others are read.
    ///
    /// - Throws: ``PackageFolderError`` or ``PackageError``.
    package func neededEntries() throws -> [ArchiveEntry] {
        let text = try content(of: ModelPackage.descriptionPath, limit: ModelPackage.descriptionByteLimit)
        let description = try ModelPackage.description(text)
        var entries = [ArchiveEntry(path: ModelPackage.descriptionPath, content: text)]
        let parameters = try content(of: description.parametersPath, limit: ModelPackage.parametersByteLimit)
        entries.append(ArchiveEntry(path: description.parametersPath, content: parameters))
        for name in description.partNames {
            let part = try content(of: name, limit: ModelPackage.partByteLimit)
            entries.append(ArchiveEntry(path: name, content: part))
        }
        if let samples = try samples() {
            entries.append(ArchiveEntry(path: ModelPackage.samplesPath, content: samples))
        }
        return entries
    }

    /// All files, those in folders too, but for hidden ones: what goes into the archive.
    package func allEntries(limits: PackageLimits = PackageLimits()) throws(PackageFolderError) -> [ArchiveEntry] {
        var entries: [ArchiveEntry] = []
        var total = 0
        for name in try fileNames(in: "", limits: limits) {
            guard entries.count < limits.entries else { throw .tooManyFiles(folder: path, limit: limits.entries) }
            let content = try content(of: name, limit: limits.entryBytes)
            total += content.count
            guard total <= limits.totalBytes else { throw .tooManyBytes(folder: path, limit: limits.totalBytes) }
            entries.append(ArchiveEntry(path: name, content: content))
        }
        return entries
    }

    private func samples() throws(PackageFolderError) -> [UInt8]? {
        do {
            return try contents(ofFile: "\(path)/\(ModelPackage.samplesPath)", limit: ModelPackage.samplesByteLimit)
        } catch .failed(_, ENOENT) {
            return nil
        } catch {
            throw .file(error)
        }
    }

    private func content(of name: String, limit: Int) throws(PackageFolderError) -> [UInt8] {
        do {
            return try contents(ofFile: "\(path)/\(name)", limit: limit)
        } catch {
            throw .file(error)
        }
    }

    /// Paths below the folder, in no order that means something.
    private func fileNames(in folder: String, limits: PackageLimits) throws(PackageFolderError) -> [String] {
        guard let directory = opendir("\(path)/\(folder)") else {
            throw .file(.failed(path: "\(path)/\(folder)", errno: errno))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = fileName(of: entry)
            guard !name.hasPrefix(".") else { continue }
            let below = folder + name
            if let reason = ArchiveEntry.mistake(inPath: below.utf8) {
                throw .badName(path: "\(path)/\(below)", reason: reason)
            }
            var information = stat()
            guard lstat("\(path)/\(below)", &information) == 0 else {
                throw .file(.failed(path: "\(path)/\(below)", errno: errno))
            }
            switch information.st_mode & S_IFMT {
            case S_IFDIR: names += try fileNames(in: below + "/", limits: limits)
            case S_IFREG: names.append(below)
            default: throw .badName(path: "\(path)/\(below)", reason: "this is neither a file nor a folder")
            }
            guard names.count <= limits.entries else { throw .tooManyFiles(folder: path, limit: limits.entries) }
        }
        return names
    }
}
