public import TraceCore

/// Reads networks and their records from a file of another kind, a line at a time.
public protocol MMDBImportReader {
    /// The name of the file, for messages.
    var name: String { get }

    /// The next line that has something, or nil at the end.
    ///
    /// - Throws: What is wrong with a line, and what to do. The lines behind it can be read on.
    mutating func next() throws(MMDBImportError) -> MMDBImportLine?
}

/// What a line of an imported file says: the record of one or several networks.
public struct MMDBImportLine: Sendable, Hashable {
    /// The line, from 1.
    public let number: Int
    /// The networks; several where the line gives a range that is no network.
    public let networks: [IPNetwork]
    /// Their record.
    public let record: MMDBValue

    /// A line that says a record.
    public init(number: Int, networks: [IPNetwork], record: MMDBValue) {
        self.number = number
        self.networks = networks
        self.record = record
    }
}

extension MMDBWriter {
    /// Puts in all that a reader has, and says how many networks that was.
    ///
    /// - Throws: At the first line that is wrong or does not fit; what came before it has been put in.
    @discardableResult
    public mutating func insert(
        contentsOf reader: consuming some MMDBImportReader, conflict: Conflict = .replace
    ) throws(MMDBImportError) -> Int {
        var count = 0
        while let line = try reader.next() {
            for network in line.networks {
                do throws(MMDBError) {
                    try insert(line.record, for: network, conflict: conflict)
                } catch {
                    throw MMDBImportError(
                        file: reader.name, line: line.number, message: error.message,
                        remedy: "Correct the line, or leave it out")
                }
                count += 1
            }
        }
        return count
    }
}
