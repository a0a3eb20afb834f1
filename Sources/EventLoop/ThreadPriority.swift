internal import Glibc

/// What a thread that no request waits for is nicer than the others by, 10 of 19 (setpriority(2)): a loop that has
/// something to do comes first where there are fewer CPUs than threads.
package let yieldingNiceness: CInt = 10

/// Has the calling thread give way to all that are not as nice.
func yieldToOthers() {
    // Of this thread alone, on Linux. That it may not be nicer harms nobody.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, yieldingNiceness)
}
