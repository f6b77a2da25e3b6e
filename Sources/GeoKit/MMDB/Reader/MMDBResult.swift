public import TraceCore

/// What a database has for an address: a record or none, and for which network.
public struct MMDBResult: Sendable {
    @usableFromInline let file: DatabaseFile
    /// The address that was looked up; of a network that was listed, the first.
    public let address: IPAddress
    /// How many of the address's bits make the network.
    public let prefixLength: Int
    @usableFromInline let offset: Int

    @inlinable
    init(file: DatabaseFile, address: IPAddress, prefixLength: Int, offset: Int) {
        self.file = file
        self.address = address
        self.prefixLength = prefixLength
        self.offset = offset
    }

    /// The largest network around the address that has this record, or that has none.
    ///
    /// For an IPv4 address it is an IPv4 network, in a database of both kinds too.
    public var network: IPNetwork {
        IPNetwork(containing: address, prefixLength: prefixLength) ?? IPNetwork(address)
    }

    /// The record; nil if the database has none for the address.
    @inlinable public var record: MMDBRecord? { offset < 0 ? nil : MMDBRecord(file: file, offset: offset) }
}
