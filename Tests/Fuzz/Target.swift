import Glibc

/// What libFuzzer calls with each input: the reader that `FUZZ_READER` names reads it.
///
/// A refusal is fine; a trap, a wrong access to memory, a run of more than the time limit, or memory beyond the limit
/// is a bug.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // A copy of exactly these bytes, so that AddressSanitizer sees a read beyond them.
    reader.read(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

private let reader: Reader = {
    let name = getenv("FUZZ_READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader(rawValue: name) else {
        let known = Reader.allCases.map(\.rawValue).joined(separator: ", ")
        let line = Array("FUZZ_READER is '\(name)'; it names one of \(known)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(2)
    }
    return reader
}()

/// The program: SwiftPM calls an executable's entry by the name of its module.
@_cdecl("Fuzz_main")
public func run(_ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var argumentCount = argumentCount
    var arguments = arguments
    return runDriver(&argumentCount, &arguments, testOneInput)
}

/// The loop of libFuzzer, from its FuzzerInterface.h.
///
/// Pointers and integers are passed alike in C and in Swift.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
