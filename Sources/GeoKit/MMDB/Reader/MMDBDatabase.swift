public import TraceCore

/// A MaxMind DB file: which record an address has, and which networks have one.
///
/// Any number of tasks may use a database at once. Whatever bytes a file has, a look-up gives a record or an error that
/// says which rule the file breaks and where; the next look-up is not touched by it.
///
///     let database = try MMDBDatabase(path: "GeoLite2-City.mmdb")
///     let country: MMDBPath = ["country", "iso_code"]
///     let found = try database.lookup(IPAddress(192, 0, 2, 1))
///     print(found.network, try found.record?.string(at: country) ?? "nowhere")
public struct MMDBDatabase: Sendable {
    /// How a file is read.
    public enum Access: Sendable, Hashable {
        /// As it is needed, through the system's cache: opening is fast, and programs share the memory.
        ///
        /// A file that is replaced by a rename is read on as it was. One that is truncated in place is not: the system
        /// ends the program when it reads what is gone.
        case mapped
        /// Wholly into memory when it is opened: nothing that happens to the file afterwards matters.
        case loaded
    }

    @usableFromInline let file: DatabaseFile

    /// Opens a database file, which has to be a regular file.
    ///
    /// Its metadata are read and its parts have to fit the file; ``verify()`` checks all of it.
    public init(path: String, access: Access = .mapped) throws(MMDBError) {
        file = try Self.open(path, access).file
    }

    /// Opens a database whose bytes are at hand.
    public init(bytes: [UInt8]) throws(MMDBError) {
        let mapping: FileMapping
        do throws(FileError) {
            mapping = try FileMapping(bytes: bytes)
        } catch {
            throw MMDBError(.notADatabase, "no MaxMind DB file: it \(error.words)")
        }
        file = try DatabaseFile(mapping)
    }

    private init(file: DatabaseFile) { self.file = file }

    /// Opens a file, and says which one it was.
    static func open(_ path: String, _ access: Access) throws(MMDBError) -> MMDBDatabase {
        let mapping: FileMapping
        do throws(FileError) {
            mapping = try FileMapping(path: path, isLoaded: access == .loaded)
        } catch {
            throw MMDBError(error, path: path)
        }
        do throws(MMDBError) {
            return MMDBDatabase(file: try DatabaseFile(mapping))
        } catch {
            throw MMDBError(error.code, "\(UntrustedText(path)): \(error.message)", at: error.offset)
        }
    }

    /// What the database says of itself.
    public var metadata: MMDBMetadata { file.metadata }

    /// What the database has for an address; the zone of an address does not matter.
    ///
    /// An IPv6 address is an error in a database of IPv4 addresses. Nothing is allocated.
    @inlinable
    public func lookup(_ address: IPAddress) throws(MMDBError) -> MMDBResult {
        let finding =
            if let bits = address.v4Bits { try file.find(v4: bits) } else { try file.find(v6: address.bits) }
        return MMDBResult(
            file: file, address: address, prefixLength: finding.prefixLength, offset: finding.offset)
    }
}

extension MMDBError {
    init(_ error: FileError, path: String) {
        let code: Code = error.reason == .isEmpty ? .notADatabase : .unreadable
        self.init(code, "\(UntrustedText(path)) \(error.words)")
    }
}
