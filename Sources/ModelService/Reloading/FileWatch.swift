import CLinux
import Dispatch
import Glibc

/// Tells when watched files have become other ones: written to, replaced, or behind links that lead elsewhere now.
///
/// The kernel (inotify(7)) says that something has happened in the folders that lead to them; what it was is seen by
/// comparing the files with how they were, so that nothing of what happens at once, or while nobody looks, is missed.
/// A file that is still being written to is left alone for a while.
///
/// `@unchecked Sendable`: everything but `queue` is touched on it only.
final class FileWatch: @unchecked Sendable {
    /// How long a file that is being written to is waited for, 30 s.
    static let longestSettling = Duration.seconds(30)
    /// The most folders that the kernel watches, 256; with more, the files are looked at by the clock.
    static let folderLimit = 256
    /// How often the files are looked at where the kernel does not watch them, 10 s.
    static let lookingInterval = Duration.seconds(10)

    /// What is told of changes: why each place that has changed was watched.
    typealias Observer = @Sendable (ReloadCauses) -> Void

    private let log: Log
    private let settlingTime: Duration
    private let observer: Observer
    private let queue = DispatchQueue(label: "martlet.files")

    private var causes: [WatchedPlace: ReloadCauses] = [:]
    private var stamps: [WatchedPlace: [String: FileStamp]] = [:]
    private var inotify: Int32 = -1
    private var source: (any DispatchSourceRead)?
    /// The watches, by the kernel's number.
    private var folders: [Int32: String] = [:]
    private var isLookScheduled = false
    private var changedSince: ContinuousClock.Instant?
    private var isByClock = false
    private var isStopped = false

    /// - Parameters:
    ///   - settlingTime: how long nothing may have been written before a change is told, 200 ms.
    ///   - observer: told on a thread of the watch's own, which it does not keep.
    init(log: Log, settlingTime: Duration = .milliseconds(200), _ observer: @escaping Observer) {
        self.log = log
        self.settlingTime = settlingTime
        self.observer = observer
    }

    deinit {
        source?.cancel()
    }

    /// Watches these places and no others: a new one from how it is now on, the others from how they were last seen.
    ///
    /// Returns when they are watched.
    func watch(_ places: [WatchedPlace: ReloadCauses]) {
        queue.sync {
            guard !isStopped else { return }
            causes = places
            if places.isEmpty { close() } else { arm() }
            stamps = causes.keys.reduce(into: [:]) { $0[$1] = stamps[$1] ?? $1.stamps() }
        }
    }

    /// Looks at all places without telling of what has changed: somebody is about to read them.
    func remember() {
        queue.sync {
            for place in causes.keys { stamps[place] = place.stamps() }
        }
    }

    /// Tells nobody any more.
    func stop() {
        queue.sync {
            isStopped = true
            close()
        }
    }

    // MARK: What the kernel tells

    /// Watches the folders that lead to the places as they are now.
    private func arm() {
        let wanted = Set(causes.keys.flatMap { $0.folders() })
        guard wanted.count <= Self.folderLimit else {
            return lookByClock("there are \(wanted.count) folders to watch, more than \(Self.folderLimit)")
        }
        if inotify < 0 { open() }
        guard inotify >= 0 else { return }
        var watched: [Int32: String] = [:]
        for folder in wanted {
            let watch = inotify_add_watch(inotify, folder, Self.events)
            if watch >= 0 {
                watched[watch] = folder
            } else if errno != ENOENT, errno != ENOTDIR {
                // What is gone since is told by the folder that it was in.
                lookByClock("\(folder): \(String(cString: strerror(errno)))")
            }
        }
        for (watch, _) in folders where watched[watch] == nil { inotify_rm_watch(inotify, watch) }
        folders = watched
    }

    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR)

    private func open() {
        inotify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard inotify >= 0 else { return lookByClock(String(cString: strerror(errno))) }
        let descriptor = inotify
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            // That something has happened is all that counts.
            var bytes = [UInt8](repeating: 0, count: 16_384)
            while read(descriptor, &bytes, bytes.count) > 0 {}
            self?.lookSoon()
        }
        source.setCancelHandler { Glibc.close(descriptor) }
        source.resume()
        self.source = source
    }

    private func close() {
        source?.cancel()
        source = nil
        inotify = -1
        folders = [:]
    }

    /// The kernel can't, or won't for this process: nodes give their users few inotify instances.
    private func lookByClock(_ reason: String) {
        guard !isByClock else { return }
        isByClock = true
        log.warning(
            "files can't be watched (\(reason)); changes are looked for every \(Self.lookingInterval.components.seconds) s"
        )
        lookAgain(after: Self.lookingInterval)
    }

    // MARK: What has changed

    private func lookSoon() {
        guard !isLookScheduled else { return }
        isLookScheduled = true
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(settlingTime / .milliseconds(1)))) { [weak self] in
            self?.isLookScheduled = false
            self?.look()
        }
    }

    private func lookAgain(after interval: Duration) {
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(interval / .milliseconds(1)))) { [weak self] in
            guard let self, !isStopped else { return }
            look()
            lookAgain(after: interval)
        }
    }

    private func look() {
        guard !isStopped, !causes.isEmpty else { return }
        // First, so that whatever changes while the files are looked at is told of again.
        arm()
        var changed: ReloadCauses = []
        var present = stamps
        var isBeingWritten = false
        for (place, cause) in causes {
            let before = stamps[place] ?? [:]
            let now = place.stamps()
            guard now != before else { continue }
            changed.formUnion(cause)
            present[place] = now
            if now.contains(where: { before[$0.key] != $0.value && isFresh($0.value) }) { isBeingWritten = true }
        }
        guard !changed.isEmpty else {
            changedSince = nil
            return
        }
        let since = changedSince ?? .now
        changedSince = since
        if isBeingWritten, ContinuousClock.now - since < Self.longestSettling { return lookSoon() }
        changedSince = nil
        stamps = present
        observer(changed)
    }

    /// Whether a file was written to a moment ago, as far as clocks agree.
    private func isFresh(_ file: FileStamp) -> Bool {
        let age = FileStamp.now - file.modified
        return age >= 0 && .nanoseconds(age) < settlingTime
    }
}
