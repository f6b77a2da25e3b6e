internal import CTraceCoreSystem

/// The system's own look-ups: hosts file, DNS and whatever else it is set up to ask. They block, for as long as they like.
enum SystemLookup {
    /// The most addresses of a name that are taken.
    private static let addressLimit = 256

    /// Asks, and waits for the answer.
    static func answer(to question: LookupQuestion) -> LookupAnswer {
        switch question {
        case .addresses(let name): addresses(of: name)
        case .name(let address): name(of: address)
        }
    }

    /// The index of the interface with a name.
    static func interfaceIndex(_ name: String) -> UInt32? {
        let index = unsafe tracecore_interface_index(name)
        return index > 0 ? index : nil
    }

    /// The system's own words for one of its errors.
    static func text(ofError code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    private static func addresses(of name: String) -> LookupAnswer {
        tracecore_use_utf8()
        var count = 0
        var code: Int32 = 0
        var outcome = tracecore_lookup_other
        let found = unsafe [tracecore_address](unsafeUninitializedCapacity: addressLimit) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            unsafe outcome = tracecore_lookup_addresses(name, base, buffer.count, &count, &code)
            filled = count
        }
        guard outcome == tracecore_lookup_found else {
            return outcome == tracecore_lookup_none
                ? .none : .failed(error(outcome, code, about: UntrustedText(name).debugDescription))
        }
        var seen: Set<IPAddress> = []
        let addresses = found.compactMap(IPAddress.init).filter { seen.insert($0).inserted }
        // RFC 6724 puts the near before the far, but what is link-local and does not say on which link leads nowhere.
        let nowhere = addresses.filter { $0.isV6 && $0.zone == 0 && $0.range == .linkLocal }
        let sorted = addresses.filter { !nowhere.contains($0) } + nowhere
        return sorted.isEmpty ? .none : .addresses(sorted)
    }

    private static func name(of address: IPAddress) -> LookupAnswer {
        var code: Int32 = 0
        var outcome = tracecore_lookup_other
        var question = tracecore_address(address)
        let bytes = unsafe [CChar](unsafeUninitializedCapacity: Int(TRACECORE_NAME_ROOM)) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            unsafe outcome = tracecore_lookup_name(&question, base, &code)
            filled = outcome == tracecore_lookup_found ? unsafe strnlen(base, buffer.count) : 0
        }
        switch outcome {
        case tracecore_lookup_found:
            return reverseName(bytes.map { UInt8(bitPattern: $0) }).map { .name($0) } ?? .none
        case tracecore_lookup_none: return .none
        default: return .failed(error(outcome, code, about: "\(address)"))
        }
    }

    /// The name that came for an address, or nil if the bytes name nothing.
    static func reverseName(_ bytes: some Sequence<UInt8>) -> UntrustedText? {
        let bytes = bytes.prefix { $0 != 0 }
        let name = UntrustedText(decoding: bytes)
        // Some systems give the address itself where there is no name. And a name that spells another address names
        // nothing either: it could only pass for that one.
        guard !name.raw.isEmpty, name.raw != ".", IPAddress(name.raw) == nil else { return nil }
        return name
    }

    private static func error(_ outcome: tracecore_lookup_outcome, _ code: Int32, about what: String) -> ProbeError {
        switch outcome {
        case tracecore_lookup_no_server:
            ProbeError(
                .lookupFailed, "No name server had an answer about \(what): they are silent, or fail",
                remedy:
                    "See whether this host is online and its name servers (/etc/resolv.conf) work, or give an address",
                systemError: code)
        case tracecore_lookup_server_failed:
            ProbeError(
                .lookupFailed, "The name server cannot say anything about \(what)",
                remedy: "Its records may be broken; try another name server, or give an address", systemError: code)
        case tracecore_lookup_bad_name:
            ProbeError(
                .unknownHost, "\(what) is not a name that DNS can hold, or this system cannot turn it into one",
                remedy: "Write it in ASCII: in its \"xn--\" form", systemError: code)
        case tracecore_lookup_no_memory:
            ProbeError(.outOfResources, "There is no memory to look up \(what)", systemError: code)
        case tracecore_lookup_system:
            ProbeError(
                isOutOfDescriptors(code) ? .outOfResources : .lookupFailed,
                "Looking up \(what) failed: \(text(ofError: code))",
                remedy: isOutOfDescriptors(code) ? "Allow more open files (ulimit -n)" : nil, systemError: code)
        default:
            ProbeError(
                .lookupFailed, "Looking up \(what) failed: \(unsafe String(cString: gai_strerror(code)))",
                systemError: code)
        }
    }

    private static func isOutOfDescriptors(_ code: Int32) -> Bool { code == EMFILE || code == ENFILE }
}

extension IPAddress {
    fileprivate init?(_ address: tracecore_address) {
        let bytes = unsafe withUnsafeBytes(of: address.bytes) { unsafe Array($0.prefix(Int(address.length))) }
        guard let plain = IPAddress(bytes: bytes) else { return nil }
        self = plain.isV6 ? IPAddress(v6: plain.bits, zone: address.zone) : plain
    }
}

extension tracecore_address {
    fileprivate init(_ address: IPAddress) {
        self.init()
        let bytes = address.bytes
        length = UInt32(bytes.count)
        zone = address.zone
        unsafe Swift.withUnsafeMutableBytes(of: &self.bytes) { unsafe $0.copyBytes(from: bytes) }
    }
}
