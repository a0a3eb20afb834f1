import Glibc

/// The words that the process was started with, its own name first.
///
/// The runtime finds them by way of the environment, and finds none where a preloaded library has changed that, as
/// libfaketime and some profilers do; the kernel knows them still.
func processArguments() -> [String] {
    let arguments = CommandLine.arguments
    guard arguments.isEmpty, let file = fopen("/proc/self/cmdline", "r") else { return arguments }
    defer { fclose(file) }
    var words: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    // Each word ends with a zero.
    while getdelim(&line, &capacity, 0, file) > 0, let line { words.append(String(cString: line)) }
    free(line)
    return words
}
