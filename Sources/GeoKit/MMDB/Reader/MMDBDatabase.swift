public import TraceCore

/// A MaxMind DB file: the record of each address, and the networks that have records.
///
/// Any number of tasks may use a database at once. Whatever bytes the file contains, a look-up gives a record or an
/// error that says which rule the file breaks and where. An error does not affect other look-ups.
///
///     let database = try MMDBDatabase(contentsOf: "GeoLite2-City.mmdb")
///     let country: MMDBPath = ["country", "iso_code"]
///     let found = try database.lookup(IPAddress(192, 0, 2, 1))
///     print(found.network, try found.record?.string(at: country) ?? "nowhere")
public struct MMDBDatabase: Sendable {
    /// How a file is read.
    public enum Access: Sendable, Hashable {
        /// Maps the file into memory: opening is fast, and programs share the memory.
        ///
        /// Replacing the file by a rename is safe: the old one stays readable. Truncating it in place is not: the
        /// system ends the program when it reads a part that is gone.
        case mapped
        /// Reads the whole file when it is opened. Later changes to the file do not matter.
        case loaded
    }

    @usableFromInline let file: DatabaseFile

    /// Opens a database file, which must be a regular file.
    ///
    /// Only the metadata and the sizes of the parts are checked. To check everything, use ``verify()``.
    ///
    /// - Throws: What is wrong with the file, with its path.
    public init(contentsOf path: String, access: Access = .mapped) throws(MMDBError) {
        let mapping: FileMapping
        do throws(FileError) {
            mapping = try FileMapping(path: path, isLoaded: access == .loaded)
        } catch {
            throw MMDBError(error, path: path)
        }
        do throws(MMDBError) {
            file = try DatabaseFile(mapping)
        } catch {
            throw MMDBError(error.code, "\(UntrustedText(path).word): \(error.message)", at: error.offset)
        }
    }

    /// Opens a database from the bytes of its file.
    public init(bytes: [UInt8]) throws(MMDBError) {
        let mapping: FileMapping
        do throws(FileError) {
            mapping = try FileMapping(bytes: bytes)
        } catch {
            throw MMDBError(.notADatabase, "not a MaxMind DB file: it \(error.words)")
        }
        file = try DatabaseFile(mapping)
    }

    /// What the database says about itself.
    public var metadata: Metadata { file.metadata }

    /// The record and the network of an address. The zone of the address is ignored.
    ///
    /// In a database of IPv4 addresses, an IPv6 address is an error. A look-up allocates no memory.
    @inlinable
    public func lookup(_ address: IPAddress) throws(MMDBError) -> MMDBResult {
        let finding =
            if let bits = address.v4Bits { try file.find(v4: bits) } else { try file.find(v6: address.bits) }
        return MMDBResult(
            file: file, address: address, prefixLength: finding.prefixLength, offset: finding.offset)
    }
}

/// The result of a look-up: the record of an address, or none, and the network that it is for.
public struct MMDBResult: Sendable {
    @usableFromInline let file: DatabaseFile
    /// The address that was looked up; in a list of networks, the first address of the network.
    public let address: IPAddress
    /// The number of bits of the address that make the network.
    public let prefixLength: Int
    @usableFromInline let offset: Int

    @inlinable
    init(file: DatabaseFile, address: IPAddress, prefixLength: Int, offset: Int) {
        self.file = file
        self.address = address
        self.prefixLength = prefixLength
        self.offset = offset
    }

    /// The largest network around the address in which every address has this record, or no record.
    ///
    /// For an IPv4 address it is an IPv4 network, also in a database of both families.
    public var network: IPNetwork {
        IPNetwork(containing: address, prefixLength: prefixLength) ?? IPNetwork(address)
    }

    /// The record, or nil if the database has none for the address.
    @inlinable public var record: MMDBRecord? { offset < 0 ? nil : MMDBRecord(file: file, offset: offset) }
}

extension MMDBError {
    init(_ error: FileError, path: String) {
        let code: Code = error.reason == .isEmpty ? .notADatabase : .unreadable
        self.init(code, "\(UntrustedText(path).word) \(error.words)")
    }
}
