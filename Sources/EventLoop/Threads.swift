internal import Glibc

/// What a thread that no request waits for is nicer than the others by, 10 of 19 (setpriority(2)): a loop that has
/// something to do comes first where there are fewer CPUs than threads.
package let yieldingNiceness: CInt = 10

/// Has the calling thread give way to all that are not as nice.
func yieldToOthers() {
    // Of this thread alone, on Linux. That it may not be nicer harms nobody.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, yieldingNiceness)
}

/// What a thread is to do, on its way to it.
private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs `body` on a thread of its own, which nobody joins and which ends with it.
///
/// - Throws: ``SystemError`` when the process may not have another thread.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    var thread: pthread_t = 0
    // The reference that the thread takes over.
    let context = Unmanaged.passRetained(ThreadBody(body))
    let code = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, context.toOpaque())
    guard code == 0 else {
        context.release()
        throw SystemError("start a thread", code: code)
    }
    pthread_detach(thread)
}
