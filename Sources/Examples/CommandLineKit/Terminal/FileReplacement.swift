public import TraceCore

/// Writes a file in the place of what was there: another program sees the old file or the new one, and no half.
///
/// - Parameters:
///   - path: The file.
///   - bytes: What it holds.
///   - what: What messages call it, such as "The map".
public func replaceFile(_ path: String, with bytes: [UInt8], as what: String) throws(ProbeError) {
    do throws(FileWriteError) {
        let file = try FileWriter(path: path)
        try file.write(bytes.span)
        try file.commit()
    } catch {
        throw ProbeError(
            .badInput, "\(what) cannot be written to \(UntrustedText(path).word): \(error.doing): \(error.reason)",
            remedy: "Give another file, or make its folder")
    }
}
