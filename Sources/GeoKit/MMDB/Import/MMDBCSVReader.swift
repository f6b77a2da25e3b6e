internal import TraceCore

/// Reads networks and records from a table with a header line (RFC 4180).
///
/// The column `network` has networks (`192.0.2.0/24`); or `start_ip` and `end_ip`, or `range_start` and `range_end`,
/// have the first and the last address of ranges. Every other column is a key of the record; dots in its name make maps
/// (`country.iso_code`). An empty cell is left out.
///
/// `true` and `false` become booleans. Whole numbers become `uint32`, `uint64` or `uint128`, and negative ones `int32`;
/// numbers with a point become doubles. All else is text, and so is `007`. A name may say the type of its column:
/// `postal_code:string`, `asn:uint32`.
public struct MMDBCSVReader: MMDBImportReader, Sendable {
    /// The name of the file, for messages.
    public let name: String

    private var records: CSVRecords
    private var cells: [ArraySlice<UInt8>] = []
    private let columnCount: Int
    private let place: Place
    private let root: Shape

    /// Which columns say what a line is about.
    private enum Place {
        case network(Int)
        case range(Int, Int)
    }

    /// What a record is put together from.
    private indirect enum Shape {
        case cell(Int, CSVColumn)
        case map([(key: UntrustedText, shape: Shape)])
    }

    /// A reader of a file's bytes, of which it reads the header.
    ///
    /// - Throws: What is wrong with the header.
    public init(_ bytes: [UInt8], name: String) throws(MMDBImportError) {
        self.name = name
        var records = CSVRecords(bytes)
        do throws(ImportFault) {
            guard try records.next(&cells) else {
                throw ImportFault("the file is empty", remedy: "Begin with a line that names the columns")
            }
            var names: [String] = []
            for cell in cells { names.append(try CSVColumn.text(cell)) }
            (place, root) = try Self.plan(names)
            columnCount = names.count
        } catch {
            throw MMDBImportError(file: name, line: records.line, message: error.message, remedy: error.remedy)
        }
        self.records = records
    }

    /// The next line that has a record, or nil at the end.
    ///
    /// - Throws: What is wrong with a line, and what to do. The lines behind it can be read on.
    public mutating func next() throws(MMDBImportError) -> MMDBImportLine? {
        do throws(ImportFault) {
            guard try records.next(&cells) else { return nil }
            guard cells.count == columnCount else {
                throw ImportFault(
                    "the line has \(cells.count) cells, and the header \(columnCount)",
                    remedy: "Put cells with commas in them in quotation marks, and leave none out")
            }
            let networks =
                switch place {
                case .network(let column): [try ImportedNetworks.network(try CSVColumn.text(cells[column]))]
                case .range(let start, let end):
                    try ImportedNetworks.networks(
                        from: try CSVColumn.text(cells[start]), to: try CSVColumn.text(cells[end]))
                }
            let record = try value(root) ?? .map([])
            return MMDBImportLine(number: records.line, networks: networks, record: record)
        } catch {
            throw MMDBImportError(file: name, line: records.line, message: error.message, remedy: error.remedy)
        }
    }

    /// What the cells at hand make of a shape, or nil where they are empty.
    private func value(_ shape: Shape) throws(ImportFault) -> MMDBValue? {
        switch shape {
        case .cell(let index, let column):
            return cells[index].isEmpty ? nil : try column.value(cells[index])
        case .map(let members):
            var pairs: [MMDBPair] = []
            pairs.reserveCapacity(members.count)
            for member in members {
                if let value = try value(member.shape) { pairs.append(MMDBPair(member.key, value)) }
            }
            return pairs.isEmpty ? nil : .map(pairs)
        }
    }
}

// MARK: - The header

extension MMDBCSVReader {
    private static func plan(_ names: [String]) throws(ImportFault) -> (Place, Shape) {
        let place = try place(in: names)
        let used: Set<Int> =
            switch place {
            case .network(let column): [column]
            case .range(let start, let end): [start, end]
            }
        var root = Shape.map([])
        for (index, name) in names.enumerated() where !used.contains(index) {
            let column = try CSVColumn(name: name)
            guard add(.cell(index, column), at: column.keys[...], to: &root) else {
                throw ImportFault(
                    "the column \(UntrustedText(name).debugDescription) stands there twice, or is a value and a map",
                    remedy: "Give columns different names")
            }
        }
        return (place, root)
    }

    private static func place(in names: [String]) throws(ImportFault) -> Place {
        if let column = names.firstIndex(of: "network") { return .network(column) }
        for (start, end) in [("start_ip", "end_ip"), ("range_start", "range_end")] {
            if let start = names.firstIndex(of: start), let end = names.firstIndex(of: end) {
                return .range(start, end)
            }
        }
        let list = names.prefix(8).map { UntrustedText($0).debugDescription }.joined(separator: ", ")
        throw ImportFault(
            "the header names no column of networks, but \(list)",
            remedy: "Begin with a header, separate columns by commas, and name one network, or two start_ip and end_ip")
    }

    /// Hangs a cell into a map, and says whether there was room for it.
    private static func add(_ cell: Shape, at keys: ArraySlice<String>, to shape: inout Shape) -> Bool {
        guard case .map(var members) = shape, let first = keys.first else { return false }
        let key = UntrustedText(decoding: first.utf8)
        let rest = keys.dropFirst()
        if let index = members.firstIndex(where: { $0.key == key }) {
            guard add(cell, at: rest, to: &members[index].shape) else { return false }
        } else {
            var member = cell
            if !rest.isEmpty {
                member = .map([])
                _ = add(cell, at: rest, to: &member)
            }
            members.append((key, member))
        }
        shape = .map(members)
        return true
    }
}
