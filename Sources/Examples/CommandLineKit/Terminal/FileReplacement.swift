public import TraceCore

/// Writes a file in the place of what was there: another program sees the old file or the new one, and no half.
///
/// - Parameters:
///   - path: The file.
///   - bytes: What it holds.
///   - what: What messages call it, such as "The map".
public func replaceFile(_ path: String, with bytes: [UInt8], as what: String) throws(ProbeError) {
    try writeFile(path, as: what) { file throws(FileWriteError) in
        try file.write(bytes.span)
        try file.commit()
    }
}

/// Makes sure that a file can be written, before the work begins whose result it is to hold.
///
/// - Parameters:
///   - path: The file, which stays as it is.
///   - what: What messages call it, such as "The map".
public func checkFile(_ path: String, as what: String) throws(ProbeError) {
    try writeFile(path, as: what) { _ in }
    Output.goesOnAlone.withLock { $0 = true }
}

private func writeFile(
    _ path: String, as what: String, _ body: (consuming FileWriter) throws(FileWriteError) -> Void
) throws(ProbeError) {
    do throws(FileWriteError) {
        try body(try FileWriter(path: path))
    } catch {
        throw ProbeError(
            .badInput, "\(what) cannot be written to \(UntrustedText(path).word): \(error.doing): \(error.reason)",
            remedy: "Give another file, or make its folder")
    }
}
