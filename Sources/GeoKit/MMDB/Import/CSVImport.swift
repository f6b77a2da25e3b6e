internal import TraceCore

/// Reads networks and records from a table; ``MMDBWriter/ImportFormat/csv`` describes it.
struct CSVImport: ImportReader, Sendable {
    let name: String

    private var records: CSVRecords
    private var cells: [ArraySlice<UInt8>] = []
    private let columnCount: Int
    private let networkColumns: NetworkColumns
    private let root: Shape

    /// The columns with the networks.
    private enum NetworkColumns {
        case network(Int)
        case range(Int, Int)
    }

    /// The shape of the records.
    private indirect enum Shape {
        case cell(Int, CSVColumn)
        case map([(key: UntrustedText, shape: Shape)])
    }

    /// Reads the header of a file; the error says what is wrong with it.
    init(_ bytes: [UInt8], name: String) throws(MMDBWriter.ImportError) {
        self.name = name
        var records = CSVRecords(bytes)
        do throws(ImportFault) {
            guard try records.next(&cells) else {
                throw ImportFault("the file is empty", remedy: "Begin with a header line that names the columns")
            }
            var names: [String] = []
            for cell in cells { names.append(try CSVColumn.text(cell)) }
            (networkColumns, root) = try Self.plan(names)
            columnCount = names.count
        } catch {
            throw MMDBWriter.ImportError(file: name, line: records.line, message: error.message, remedy: error.remedy)
        }
        self.records = records
    }

    mutating func next() throws(MMDBWriter.ImportError) -> ImportLine? {
        do throws(ImportFault) {
            guard try records.next(&cells) else { return nil }
            guard cells.count == columnCount else {
                throw ImportFault(
                    "the line has \(cells.count) cells, and the header has \(columnCount)",
                    remedy: "Put cells that contain commas in quotation marks, and leave no cell out")
            }
            let networks =
                switch networkColumns {
                case .network(let column): [try ImportedNetworks.network(try CSVColumn.text(cells[column]))]
                case .range(let start, let end):
                    try ImportedNetworks.networks(
                        from: try CSVColumn.text(cells[start]), to: try CSVColumn.text(cells[end]))
                }
            let record = try value(root) ?? .map([])
            return ImportLine(number: records.line, networks: networks, record: record)
        } catch {
            throw MMDBWriter.ImportError(file: name, line: records.line, message: error.message, remedy: error.remedy)
        }
    }

    /// The value that the current cells give a shape, or nil if they are empty.
    private func value(_ shape: Shape) throws(ImportFault) -> MMDBValue? {
        switch shape {
        case .cell(let index, let column):
            return cells[index].isEmpty ? nil : try column.value(cells[index])
        case .map(let members):
            var pairs: [MMDBValue.Pair] = []
            pairs.reserveCapacity(members.count)
            for member in members {
                if let value = try value(member.shape) { pairs.append(MMDBValue.Pair(member.key, value)) }
            }
            return pairs.isEmpty ? nil : .map(pairs)
        }
    }
}

// MARK: - The header

extension CSVImport {
    private static func plan(_ names: [String]) throws(ImportFault) -> (NetworkColumns, Shape) {
        let networkColumns = try networkColumns(in: names)
        let used: Set<Int> =
            switch networkColumns {
            case .network(let column): [column]
            case .range(let start, let end): [start, end]
            }
        var root = Shape.map([])
        for (index, name) in names.enumerated() where !used.contains(index) {
            let column = try CSVColumn(name: name)
            guard add(.cell(index, column), at: column.keys[...], to: &root) else {
                throw ImportFault(
                    "the column \(UntrustedText(name).debugDescription) appears twice, or is a value and a map",
                    remedy: "Give the columns different names")
            }
        }
        return (networkColumns, root)
    }

    private static func networkColumns(in names: [String]) throws(ImportFault) -> NetworkColumns {
        if let column = names.firstIndex(of: "network") { return .network(column) }
        for (start, end) in [("start_ip", "end_ip"), ("range_start", "range_end")] {
            if let start = names.firstIndex(of: start), let end = names.firstIndex(of: end) {
                return .range(start, end)
            }
        }
        let list = names.prefix(8).map { UntrustedText($0).debugDescription }.joined(separator: ", ")
        throw ImportFault(
            "the header has no column of networks; its columns are \(list)",
            remedy:
                "Begin with a header, separate the columns with commas, and name one column network, or two columns start_ip "
                + "and end_ip")
    }

    /// Adds a cell to a map at a path of keys, and returns whether it was possible.
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
