public import TraceCore

/// Builds a database: networks and their records go in, and a MaxMind DB file comes out.
///
/// A value that several records share is written once, and adjacent networks with equal records are joined. The same
/// networks and records in the same order give the same bytes if ``Options/buildDate`` is set.
///
///     var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Example-Country"))
///     try writer.insert(["country": ["iso_code": "NL"]], for: IPNetwork(parsing: "192.0.2.0/24"))
///     try writer.write(to: "example.mmdb")
public struct MMDBWriter: Sendable {
    /// What happens where a network overlaps an earlier one.
    public enum Conflict: String, Sendable, Hashable, CaseIterable {
        /// The new record replaces the old one.
        case replace
        /// Maps are merged at every depth. Of all other values, including arrays, the new one counts.
        case merge
        /// The old record stays, and the new one fills only the gaps.
        case keep
        /// The overlap is an error, and nothing changes.
        case fail
    }

    /// The properties of the file.
    public let options: Options

    var values = ValueStore()
    var tree: PrefixTree

    /// A database without networks.
    public init(_ options: Options) {
        self.options = options
        tree = PrefixTree(
            family: options.ipVersion, hasAliases: options.ipVersion == .v6 && options.ipv4Aliases)
    }

    /// Sets the record for all addresses of a network.
    ///
    /// - Throws: `unfit` if the network does not fit the database or is an alias of IPv4 networks; `unwritable` if the
    ///   record breaks a rule of the format, or if the network overlaps another and `conflict` is `fail`. Nothing
    ///   changes then. A record that is larger than ``MMDBRecord`` can read is not an error, because other readers may
    ///   read it.
    public mutating func insert(
        _ value: MMDBValue, for network: IPNetwork, conflict: Conflict = .replace
    ) throws(MMDBError) {
        let prefix = try prefix(of: network)
        let id: UInt32
        do throws(ValueStore.Fault) {
            id = try values.intern(value)
        } catch {
            throw MMDBError(.unwritable, "the record for \(network) cannot be written: \(error.reason)")
        }
        do throws(PrefixTree.Fault) {
            switch conflict {
            case .replace: try tree.insert(at: prefix, .replacing(with: id), values: &values)
            case .merge: try tree.insert(at: prefix, .merging(id), values: &values)
            case .keep: try tree.insert(at: prefix, .filling(with: id), values: &values)
            case .fail:
                if let other = try tree.overlap(with: prefix) {
                    throw PrefixTree.Fault.overlaps(other)
                }
                try tree.insert(at: prefix, .replacing(with: id), values: &values)
            }
        } catch {
            throw self.error(error, inserting: network)
        }
    }

    /// The bits of a network in the tree.
    private func prefix(of network: IPNetwork) throws(MMDBError) -> PrefixTree.Prefix {
        switch (network.family, options.ipVersion) {
        case (.v6, .v4):
            throw MMDBError(
                .unfit, "\(network) is an IPv6 network, and the database has IPv4 addresses only: make an IPv6 database"
            )
        case (.v4, .v4):
            PrefixTree.Prefix(bits: network.first.bits << 96, length: network.prefixLength)
        case (.v4, .v6):
            PrefixTree.Prefix(bits: network.first.bits, length: 96 + network.prefixLength)
        case (.v6, .v6):
            PrefixTree.Prefix(bits: network.first.bits, length: network.prefixLength)
        }
    }

    /// The network of a prefix.
    private func network(at prefix: PrefixTree.Prefix) -> IPNetwork? {
        let bits = prefix.bits
        if options.ipVersion == .v4 {
            return IPNetwork(
                containing: IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 96)), prefixLength: prefix.length)
        }
        if prefix.length >= 96, bits >> 32 == 0 {
            return IPNetwork(
                containing: IPAddress(v4: UInt32(truncatingIfNeeded: bits)), prefixLength: prefix.length - 96)
        }
        return IPNetwork(containing: IPAddress(v6: bits), prefixLength: prefix.length)
    }

    private func error(_ fault: PrefixTree.Fault, inserting network: IPNetwork) -> MMDBError {
        switch fault {
        case .aliased:
            MMDBError(
                .unfit,
                "\(network) is in a part of IPv6 that stands for IPv4 addresses: insert the IPv4 network, or make the database "
                    + "without IPv4 aliases"
            )
        case .overlaps(let other):
            MMDBError(
                .unwritable,
                "\(network) overlaps an earlier network, which has \(self.network(at: other)?.description ?? "all")")
        case .full:
            MMDBError(.unwritable, "there is no room for \(network): the tree has \(PrefixTree.nodeLimit) nodes")
        case .values(let fault):
            MMDBError(.unwritable, "the record for \(network) cannot be merged: \(fault.reason)")
        }
    }
}
