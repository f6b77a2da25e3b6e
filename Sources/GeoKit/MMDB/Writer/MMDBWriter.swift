public import TraceCore

/// Builds a database: networks and their records in, a file of MaxMind's format out.
///
/// A value that several records share stands once in the file, and networks side by side with equal records become one.
/// The same networks and records, put in in the same order, give the same bytes if ``Options/buildDate`` is set.
///
/// ```swift
/// var writer = MMDBWriter(MMDBWriter.Options(databaseType: "Example-Country"))
/// try writer.insert(
///     .map([MMDBPair("country", .map([MMDBPair("iso_code", .string("NL"))]))]),
///     for: IPNetwork(parsing: "192.0.2.0/24"))
/// try writer.write(to: "example.mmdb")
/// ```
public struct MMDBWriter: Sendable {
    /// What a network does where an earlier one overlaps it.
    public enum Conflict: String, Sendable, Hashable, CaseIterable {
        /// The later record takes the place of the earlier.
        case replace
        /// Maps are merged at every depth; of anything else, arrays included, the later one counts.
        case merge
        /// The earlier record stays, and the later fills only what is empty.
        case keep
        /// It is an error, and nothing is changed.
        case fail
    }

    /// How the file is to be.
    public let options: Options

    var values = ValueStore()
    var tree: PrefixTree

    /// A database without networks.
    public init(_ options: Options) {
        self.options = options
        tree = PrefixTree(
            family: options.ipVersion, hasAliases: options.ipVersion == .v6 && options.ipv4Aliases)
    }

    /// Puts in a record for all addresses of a network.
    ///
    /// In a database of IPv6, an IPv4 network stands where ``Options/ipVersion`` says.
    ///
    /// - Throws: An error if the network does not fit the database or lies in an alias of IPv4 (`unfit`), if the record
    ///   breaks a rule of the format, or if the network overlaps another and was not to (`unwritable`). The database
    ///   stays as it was. A record larger than what ``MMDBRecord`` reads is no error: other readers may take it.
    public mutating func insert(
        _ value: MMDBValue, for network: IPNetwork, conflict: Conflict = .replace
    ) throws(MMDBError) {
        let place = try place(of: network)
        let id: UInt32
        do throws(ValueStore.Fault) {
            id = try values.intern(value)
        } catch {
            throw MMDBError(.unwritable, "The record for \(network) cannot be written: \(error.reason)")
        }
        do throws(PrefixTree.Fault) {
            switch conflict {
            case .replace: try tree.insert(at: place, .replacing(with: id), values: &values)
            case .merge: try tree.insert(at: place, .merging(id), values: &values)
            case .keep: try tree.insert(at: place, .filling(with: id), values: &values)
            case .fail:
                if let other = try tree.overlap(with: place) {
                    throw PrefixTree.Fault.overlaps(other)
                }
                try tree.insert(at: place, .replacing(with: id), values: &values)
            }
        } catch {
            throw self.error(error, inserting: network)
        }
    }

    /// Where in the tree a network stands.
    private func place(of network: IPNetwork) throws(MMDBError) -> PrefixTree.Place {
        switch (network.family, options.ipVersion) {
        case (.v6, .v4):
            throw MMDBError(
                .unfit, "\(network) is an IPv6 network, and the database is one of IPv4: make it one of IPv6")
        case (.v4, .v4):
            PrefixTree.Place(bits: network.first.bits << 96, length: network.prefixLength)
        case (.v4, .v6):
            PrefixTree.Place(bits: network.first.bits, length: 96 + network.prefixLength)
        case (.v6, .v6):
            PrefixTree.Place(bits: network.first.bits, length: network.prefixLength)
        }
    }

    /// The network that stands at a place of the tree.
    private func network(at place: PrefixTree.Place) -> IPNetwork? {
        let bits = place.bits
        if options.ipVersion == .v4 {
            return IPNetwork(
                containing: IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 96)), prefixLength: place.length)
        }
        if place.length >= 96, bits >> 32 == 0 {
            return IPNetwork(
                containing: IPAddress(v4: UInt32(truncatingIfNeeded: bits)), prefixLength: place.length - 96)
        }
        return IPNetwork(containing: IPAddress(v6: bits), prefixLength: place.length)
    }

    private func error(_ fault: PrefixTree.Fault, inserting network: IPNetwork) -> MMDBError {
        switch fault {
        case .aliased:
            MMDBError(
                .unfit,
                "\(network) lies in a part of IPv6 that stands for IPv4 addresses: put in the IPv4 network, or make the database without IPv4 aliases"
            )
        case .overlaps(let other):
            MMDBError(
                .unwritable,
                "\(network) overlaps an earlier network, which has \(self.network(at: other)?.description ?? "all")")
        case .full:
            MMDBError(.unwritable, "There is no room for \(network): the tree has \(PrefixTree.nodeLimit) nodes")
        case .values(let fault):
            MMDBError(.unwritable, "The record for \(network) cannot be merged: \(fault.reason)")
        }
    }
}
