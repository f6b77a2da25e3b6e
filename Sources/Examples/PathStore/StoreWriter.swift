package import TraceCore

/// What can be written into a store, and read, in a transaction on the writer's thread.
package final class StoreWriter: StoreReader {
    let retention: PathStore.Retention
    private var durability = PathStore.Durability.promised
    private var numbers: [IPAddress: Int64] = [:]
    private var targets: Set<Int64> = []
    /// What is in no block yet; read from the journal when it is first needed, and after what failed.
    var tail: SampleTail?
    /// Whether there is somebody to whom all is sent on; read when it is first needed.
    var isShipping: Bool?
    /// The version of what was noted last for them.
    var lastVersion: Int64 = 0

    init(_ path: String, _ retention: PathStore.Retention) throws(StoreError) {
        let database = try Connection(path, .writing)
        try Schema.prepare(database)
        self.retention = retention
        super.init(database)
    }

    /// Calls the body in a transaction, of which nothing is left if it throws.
    func transaction<Value>(
        _ durability: PathStore.Durability, _ body: () throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        if durability != self.durability {
            try database.script("PRAGMA synchronous=\(durability == .promised ? "FULL" : "NORMAL")")
            self.durability = durability
        }
        try database.run("BEGIN IMMEDIATE")
        do throws(StoreError) {
            let value = try body()
            try database.run("COMMIT")
            return value
        } catch {
            // SQLite may have undone it by itself.
            if !database.isIdle { _ = try? database.run("ROLLBACK") }
            forgetAddresses()
            numbers.removeAll()
            targets.removeAll()
            tail = nil
            isShipping = nil
            throw error
        }
    }

    /// The number of an address, which it gets if it has none.
    func number(of address: IPAddress) throws(StoreError) -> Int64 {
        if let number = numbers[address] { return number }
        let text = address.description
        var number = try database.number("SELECT id FROM address WHERE text = ?", .text(text))
        if number == nil {
            try database.run("INSERT INTO address(text) VALUES(?)", .text(text))
            number = database.lastRow
        }
        guard let number else { throw database.damaged("an address has no number") }
        if numbers.count >= 1 << 16 { numbers.removeAll() }
        numbers[address] = number
        return number
    }

    /// Takes note of the name of an address.
    package func name(_ address: IPAddress, _ name: UntrustedText) throws(StoreError) {
        let number = try number(of: address)
        try database.run(
            "UPDATE address SET name = ?1 WHERE id = ?2 AND name IS NOT ?1", .text(String(name.raw.prefix(255))),
            .int(number))
    }

    /// Whether a target has this number.
    func isKnown(_ target: Int64) throws(StoreError) -> Bool {
        if targets.contains(target) { return true }
        guard try database.number("SELECT id FROM target WHERE id = ?", .int(target)) != nil else { return false }
        targets.insert(target)
        return true
    }
}
