internal import TraceCore

extension MMDBWriter {
    /// The kinds of files that networks and records can be read from.
    public enum ImportFormat: String, Sendable, Hashable, CaseIterable {
        /// A table with a header line (RFC 4180).
        ///
        /// The column `network` contains networks (`192.0.2.0/24`). Alternatively, `start_ip` and `end_ip`, or
        /// `range_start` and `range_end`, contain the first and last address of a range. Every other column is a key of
        /// the record. Dots in its name make nested maps (`country.iso_code`). An empty cell is left out.
        ///
        /// `true` and `false` become booleans. Whole numbers become `uint32`, `uint64` or `uint128`; negative ones
        /// become `int32`. Numbers with a decimal point become doubles. Everything else is a string, including `007`. A
        /// column name may give the type: `postal_code:string`, `asn:uint32`.
        case csv
        /// Lines of JSON: `{"network": "192.0.2.0/24", "record": {…}}`.
        ///
        /// Whole numbers become `uint32`, `uint64` or `uint128`; negative ones become `int32`. Numbers with a decimal
        /// point or an exponent become doubles. `null` is left out, and a line whose record is `null` is skipped. Other
        /// members of a line are ignored, so that the output of look-ups can be imported.
        case jsonl
    }

    /// Why a file could not be imported: the line, what is wrong there, and what to do.
    public struct ImportError: Error, Sendable, Hashable {
        /// The name of the file.
        public let file: String
        /// The number of the line, counting from 1.
        public let line: Int
        /// What is wrong there.
        public let message: String
        /// What to do about it.
        public let remedy: String

        init(file: String, line: Int, message: String, remedy: String) {
            self.file = file
            self.line = line
            self.message = message
            self.remedy = remedy
        }
    }

    /// Inserts every network in a file, and returns how many there were.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of the file.
    ///   - format: The kind of the file.
    ///   - name: The name of the file, for messages.
    ///   - conflict: What happens where a network overlaps an earlier one.
    /// - Throws: At the first line that is wrong or does not fit the database. The lines before it have been inserted.
    @discardableResult
    public mutating func insert(
        contentsOf bytes: [UInt8], as format: ImportFormat, named name: String, conflict: Conflict = .replace
    ) throws(ImportError) -> Int {
        switch format {
        case .csv: try insert(contentsOf: try CSVImport(bytes, name: name), conflict: conflict)
        case .jsonl: try insert(contentsOf: JSONLImport(bytes, name: name), conflict: conflict)
        }
    }

    private mutating func insert(
        contentsOf reader: consuming some ImportReader, conflict: Conflict
    ) throws(ImportError) -> Int {
        var count = 0
        while let line = try reader.next() {
            for network in line.networks {
                do throws(MMDBError) {
                    try insert(line.record, for: network, conflict: conflict)
                } catch {
                    throw ImportError(
                        file: reader.name, line: line.number, message: error.message,
                        remedy: "Correct the line or remove it")
                }
                count += 1
            }
        }
        return count
    }
}

extension MMDBWriter.ImportError: CustomStringConvertible {
    /// The place, what is wrong there, and what to do.
    public var description: String {
        "\(UntrustedText(file).description):\(line): \(message)" + (remedy.isEmpty ? "" : ". \(remedy)")
    }
}

/// Reads networks and their records from a file, line by line.
protocol ImportReader {
    /// The name of the file, for messages.
    var name: String { get }

    /// The next line with a record, or nil at the end. After an error, the lines behind it can still be read.
    mutating func next() throws(MMDBWriter.ImportError) -> ImportLine?
}

/// What a line of a file says: the record of one or more networks.
struct ImportLine: Sendable, Hashable {
    /// The number of the line, counting from 1.
    let number: Int
    /// The networks. A range of addresses may need several.
    let networks: [IPNetwork]
    /// Their record.
    let record: MMDBValue
}

/// What is wrong with a line, before the number of the line is added.
package struct ImportFault: Error {
    let message: String
    let remedy: String

    /// What is wrong, and what to do.
    package var text: String { "\(message). \(remedy)" }

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
