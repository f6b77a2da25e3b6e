internal import TraceCore
internal import TraceCoreCommandLine

/// The key that all agents of a mesh share.
enum MeshKey {
    private static let least = 16

    /// The key in a file: all of it, without spaces and line ends around it.
    ///
    /// - Throws: That the file cannot be read, or has too little in it.
    static func read(_ file: String) throws(ProbeError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(InputError) {
            bytes = try Input(file, limit: 4_096).bytes()
        } catch {
            throw ProbeError(.badInput, "\(error)")
        }
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        let key = Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        guard key.count >= least else {
            throw ProbeError(
                .badInput, "\(UntrustedText(file).word) has a key of \(key.count) bytes, which can be guessed",
                remedy: "Give it \(least) or more: openssl rand -base64 32")
        }
        return key
    }
}
