public import TraceCore

/// A target as a person named it, and where.
public struct TargetName: Sendable, Hashable {
    /// A name or an address, as it was typed; of a URL the host.
    public let text: String
    /// The URL that was typed, if it was one.
    private let url: String?
    /// The file and the line that it is in, or nil for the command line.
    public let place: Place?

    /// Where a target is in a file.
    public struct Place: Sendable, Hashable, CustomStringConvertible {
        /// What messages call the file.
        public let file: String
        /// The line, from 1.
        public let line: Int

        /// The two in the form that editors jump to.
        public var description: String { "\(UntrustedText(file)):\(line)" }
    }

    /// A target from the command line, or from a place in a file.
    public init(_ text: String, at place: Place? = nil) {
        let host = Self.host(ofURL: text)
        self.text = host ?? text
        url = host == nil ? nil : text
        self.place = place
    }

    /// The host of a URL (RFC 3986 section 3.2), or nil for what is none.
    private static func host(ofURL text: String) -> String? {
        guard let scheme = text.firstRange(of: "://"), scheme.lowerBound > text.startIndex,
            text[..<scheme.lowerBound].utf8.allSatisfy({ (0x30...0x7A).contains($0) || $0 == UInt8(ascii: "+") })
        else { return nil }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let host = place.hasPrefix("[") ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    /// The address that a short form spells, as `inet_aton` reads it: `127.1` is 127.0.0.1, and `0` is this machine.
    ///
    /// Numbers with zeros before them are left out: what is octal for one program is decimal for the next.
    private static func shortAddress(_ text: String) -> IPAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
            return nil
        }
        var value: UInt32 = 0
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            guard let number = UInt32(part), part == "0" || !part.hasPrefix("0") else { return nil }
            // The last number fills what is left.
            let bits = isLast ? 8 * (4 - index) : 8
            guard bits == 32 || number < 1 << bits else { return nil }
            value = bits == 32 ? number : value << UInt32(bits) | number
        }
        // Linux sends what goes to 0.0.0.0 to itself, and answers from there.
        if value == 0 { value = 0x7F00_0001 }
        return IPAddress(v4: value)
    }

    /// The address that was typed, or nil where it was a name; a zone may be an interface's name (`fe80::1%eth0`).
    public var address: IPAddress? {
        Self.shortAddress(text) ?? IPAddress(text) ?? (text.contains("%") ? ValueKind.address.read(text) : nil)
    }

    /// The targets that a file lists, one a line.
    ///
    /// The first word of a line counts; empty lines and those that begin with `#` do not. A word that cannot be a name
    /// is kept, so that it is reported and the others are still asked.
    public static func list(in input: Input) throws(InputError) -> [TargetName] {
        var names: [TargetName] = []
        var number = 0
        try input.eachLine { line throws(InputError) in
            number += 1
            guard let word = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first, !word.hasPrefix("#")
            else { return }
            names.append(TargetName(String(word), at: Place(file: input.name, line: number)))
        }
        return names
    }

    /// An error with the place that it is about.
    public func located(_ error: ProbeError) -> ProbeError {
        guard let place else { return error }
        return ProbeError(
            error.code, "\(place): \(error.message)", remedy: error.remedy, systemError: error.systemError)
    }

    /// The addresses that the target stands for, best first.
    public func addresses(
        by resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> [IPAddress] {
        if let url {
            Output.error.print(
                "\(programName): of \(UntrustedText(url).word) the host is asked, \(UntrustedText(text).word)")
        }
        do throws(ProbeError) {
            if let address {
                return [try await address.probeTarget(using: resolver, family: family).address]
            }
            // Nothing but what a name can have is handed to a resolver, which would wait for its answer.
            let isName = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "/" }
            guard isName, text.utf8.count <= 253 else {
                throw ProbeError(
                    .unknownHost, "\(UntrustedText(text).debugDescription) is neither a name nor an address")
            }
            let addresses = try await resolver.addresses(of: text).filter { family == nil || $0.family == family }
            guard !addresses.isEmpty else {
                let kind = family.map { "IP\($0) " } ?? ""
                throw ProbeError(.unknownHost, "\"\(UntrustedText(text))\" has no \(kind)address")
            }
            return addresses
        } catch {
            throw located(error)
        }
    }
}

extension TargetName: ProbeTargetConvertible {
    /// The first address that the target stands for, with the name that it was given by: that is also an address whose
    /// zone was called by the name of an interface.
    public func probeTarget(
        using resolver: any NameResolver, family: IPAddress.Family?
    ) async throws(ProbeError) -> ProbeTarget {
        let addresses = try await addresses(by: resolver, family: family)
        guard let address = addresses.first else {
            throw located(ProbeError(.unknownHost, "\"\(UntrustedText(text))\" has no address"))
        }
        return ProbeTarget(name: IPAddress(text) == nil ? text : nil, address: address)
    }
}

extension [TargetName] {
    /// The addresses of each target, in their order, with several look-ups at the same time.
    ///
    /// - Parameters:
    ///   - resolver: Finds addresses by name.
    ///   - family: The only family that counts, or nil for both.
    ///   - limit: How many look-ups are under way at the same time.
    ///   - body: Takes the target and its addresses, or why there are none.
    @MainActor public func resolved(
        by resolver: any NameResolver, family: IPAddress.Family?, limit: Int = 64,
        _ body: @escaping @MainActor (TargetName, Result<[IPAddress], ProbeError>) -> Void
    ) async {
        await withTaskGroup(of: (Int, Result<[IPAddress], ProbeError>).self) { group in
            var results: [Int: Result<[IPAddress], ProbeError>] = [:]
            var started = 0
            var finished = 0
            while finished < count, !Task.isCancelled {
                // Far enough ahead that one slow look-up does not delay the others; the limit bounds memory.
                while started < count, started - finished < limit * 4, started - finished - results.count < limit {
                    let (index, name) = (started, self[started])
                    started += 1
                    if let address = name.address, family == nil || address.family == family {
                        results[index] = .success([address])
                    } else {
                        group.addTask { (index, await Result(catching: name, resolver, family)) }
                    }
                }
                while let result = results.removeValue(forKey: finished) {
                    body(self[finished], result)
                    finished += 1
                }
                guard started > finished, let (index, result) = await group.next() else { continue }
                results[index] = result
            }
            group.cancelAll()
        }
    }
}

extension Result<[IPAddress], ProbeError> {
    fileprivate init(catching name: TargetName, _ resolver: any NameResolver, _ family: IPAddress.Family?) async {
        do throws(ProbeError) {
            self = .success(try await name.addresses(by: resolver, family: family))
        } catch {
            self = .failure(error)
        }
    }
}
