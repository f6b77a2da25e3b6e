/// What is made of the bytes that came as the name of an address.
enum ReverseName {
    /// The name, or nil if the bytes name nothing.
    static func read(_ bytes: some Sequence<UInt8>) -> UntrustedText? {
        let bytes = bytes.prefix { $0 != 0 }
        let name = UntrustedText(decoding: bytes)
        // Some systems give the address itself where there is no name. And a name that spells another address names
        // nothing either: it could only pass for that one.
        guard !name.raw.isEmpty, name.raw != ".", IPAddress(name.raw) == nil else { return nil }
        return name
    }
}
