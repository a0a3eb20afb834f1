internal import Glibc
internal import Synchronization

extension EventLoop {
    static let currentKey: pthread_key_t = {
        var key = pthread_key_t()
        // Fails only when the process has a thousand keys already.
        precondition(pthread_key_create(&key, nil) == 0, "no thread-specific key is left")
        return key
    }()

    /// The loop whose thread the caller runs on; `nil` on any other thread.
    package static var current: EventLoop? {
        pthread_getspecific(currentKey).map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The ``number`` of the loop whose thread the caller runs on; 0 on any other thread.
    package static var currentNumber: Int {
        guard let context = pthread_getspecific(currentKey) else { return 0 }
        // The thread holds a reference to its loop.
        return Unmanaged<EventLoop>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.number }
    }

    /// A loop for what no server's loop asks for: commands, start-up; it runs as long as the process.
    package static let background = ofProcess("background")

    /// A loop for what takes long and nobody waits for, such as loading anew what is served already.
    ///
    /// Its thread gives way to all others, and may be blocked. It runs as long as the process.
    package static let yielding = ofProcess("yielding", yields: true)

    private static func ofProcess(_ name: String, yields: Bool = false) -> EventLoop {
        do {
            let loop = try EventLoop(name: name, yields: yields)
            try loop.start()
            return loop
        } catch {
            fatalError("no thread for the loop \(name): \(error)")
        }
    }
}

/// What the next ``PerLoop`` keeps its values under.
private let nextKey = Atomic<Int>(0)

/// One value for each event loop that asks for it, made on first use; those who run on no loop share another, which
/// belongs to ``EventLoop/background``.
///
/// Finding the value takes no lock on a loop.
package final class PerLoop<Value: AnyObject & Sendable>: Sendable {
    private let make: @Sendable (EventLoop) -> Value
    private let shared = Mutex<Value?>(nil)
    /// Those that have a value.
    private let loops = Mutex<[EventLoop]>([])
    private let key = nextKey.wrappingAdd(1, ordering: .relaxed).newValue

    /// - Parameter make: makes the value of a loop; on the loop's thread, but for that of the background.
    package init(_ make: @escaping @Sendable (EventLoop) -> Value) {
        self.make = make
    }

    /// The value of the present loop.
    package var value: Value {
        guard let loop = EventLoop.current, loop !== EventLoop.background else {
            return shared.withLock { value in
                if let value { return value }
                let made = make(.background)
                value = made
                return made
            }
        }
        return loop.local(for: key) {
            loops.withLock { $0.append(loop) }
            return make(loop)
        }
    }

    deinit {
        let key = key
        for loop in loops.withLock({ $0 }) { loop.execute { EventLoop.current?.removeLocal(for: key) } }
    }
}
