internal import CTraceCoreSQLite
package import TraceCore

/// What can be read of a store, on the thread of a connection.
package class StoreReader {
    let database: Connection
    /// Addresses by their numbers, which stay what they are.
    private var addresses: [Int64: IPAddress] = [:]

    init(_ database: Connection) { self.database = database }

    /// Opens a file that others write.
    ///
    /// - Parameter cache: How many kilobytes of the file it holds in memory at most.
    convenience init(reading path: String, cache: Int = 8_192) throws(StoreError) {
        let database = try Self.open(path)
        try database.script(
            "PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0; PRAGMA cache_size=-\(cache)")
        self.init(database)
    }

    private static func open(_ path: String) throws(StoreError) -> Connection {
        do throws(StoreError) {
            let database = try Connection(path, .reading)
            try Schema.check(database, mayBeEmpty: false)
            return database
        } catch {
            // A file where nothing can be written beside it: then nobody writes, and what it holds is all there is.
            let hasLog = tracecore_sqlite_size(path + "-wal") > 0
            guard [.cannotOpen, .readOnly].contains(error.code), tracecore_sqlite_size(path) > 0, !hasLog else {
                throw error
            }
        }
        let database = try Connection(path, .readingUnchanged)
        try Schema.check(database, mayBeEmpty: false)
        return database
    }

    /// Calls the body with the store as it is now.
    func snapshot<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try database.run("BEGIN")
        defer { _ = try? database.run("COMMIT") }
        return try body()
    }

    /// The address of a number.
    func address(_ number: Int64) throws(StoreError) -> IPAddress {
        if let address = addresses[number] { return address }
        let text = try database.first("SELECT text FROM address WHERE id = ?", .int(number)) { $0.text(0) }
        guard let text, let address = IPAddress(text) else { throw database.damaged("there is no address \(number)") }
        // Strangers who answer with many addresses get no more memory than this.
        if addresses.count >= 1 << 16 { forgetAddresses() }
        addresses[number] = address
        return address
    }

    /// The name of the address of a number, as a stranger gave it; nil where none is known.
    func name(_ number: Int64) throws(StoreError) -> UntrustedText? {
        try database.first("SELECT name FROM address WHERE id = ? AND name IS NOT NULL", .int(number)) {
            UntrustedText($0.text(0))
        }
    }

    /// The name of an address, if it is known.
    package func name(of address: IPAddress) throws(StoreError) -> UntrustedText? {
        try database.first("SELECT name FROM address WHERE text = ? AND name IS NOT NULL", .text("\(address)")) {
            UntrustedText($0.text(0))
        }
    }

    /// The names of addresses, as far as they are known.
    package func names(of addresses: Set<IPAddress>) throws(StoreError) -> [IPAddress: UntrustedText] {
        var names: [IPAddress: UntrustedText] = [:]
        for address in addresses { names[address] = try name(of: address) }
        return names
    }

    func forgetAddresses() { addresses.removeAll() }
}
