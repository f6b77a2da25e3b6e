internal import TraceCore

/// Reads networks and records from lines of JSON; ``MMDBWriter/ImportFormat/jsonl`` describes them.
struct JSONLImport: ImportReader, Sendable {
    let name: String

    private let bytes: [UInt8]
    private var position = 0
    private var line = 0

    init(_ bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func next() throws(MMDBWriter.ImportError) -> ImportLine? {
        while let text = nextLine() {
            // Each line has its own parser, so that the lines after a bad one can be read.
            var parser = JSONParser(bytes: text)
            parser.skipSpace()
            if parser.position == text.count { continue }
            do throws(ImportFault) {
                guard let (network, record) = try parser.importedLine() else { continue }
                return ImportLine(number: line, networks: [network], record: record)
            } catch {
                throw MMDBWriter.ImportError(file: name, line: line, message: error.message, remedy: error.remedy)
            }
        }
        return nil
    }

    private mutating func nextLine() -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let start = position
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        defer { position += 1 }
        line += 1
        return Array(bytes[start..<position])
    }
}

extension JSONParser {
    /// Reads the network and the record of a line, or nil if the record is null.
    fileprivate mutating func importedLine() throws(ImportFault) -> (IPNetwork, MMDBValue)? {
        var network: IPNetwork?
        var record: MMDBValue?
        var hasRecord = false
        let shape = ImportFault(
            "the line is not an object with a network and a record",
            remedy: #"Write lines such as {"network": "192.0.2.0/24", "record": {"name": "example"}}"#)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { throw shape }
        try members(depth: 0) { (parser, name) throws(ImportFault) in
            let value = try parser.importedValue(depth: 1)
            switch name {
            case "network":
                guard case .string(let text)? = value else { throw shape }
                network = try ImportedNetworks.network(text.raw)
            case "record":
                record = value
                hasRecord = true
            default: break
            }
        }
        try syntax { (parser) throws(JSON.Failure) in try parser.end() }
        guard let network, hasRecord else { throw shape }
        return record.map { (network, $0) }
    }

    /// Reads a value, or nil for null.
    private mutating func importedValue(depth: Int) throws(ImportFault) -> MMDBValue? {
        skipSpace()
        guard position < bytes.count else { throw fault(error("expected a value, and the text ends")) }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            var pairs: [MMDBValue.Pair] = []
            try members(depth: depth) { (parser, name) throws(ImportFault) in
                guard let value = try parser.importedValue(depth: depth + 1) else { return }
                pairs.append(MMDBValue.Pair(UntrustedText(decoding: name.utf8), value))
            }
            return .map(pairs)
        case UInt8(ascii: "["):
            return .array(try elements(depth: depth))
        case UInt8(ascii: "\""):
            let text = try syntax { (parser) throws(JSON.Failure) in try parser.string() }
            return .string(UntrustedText(decoding: text.utf8))
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", nil)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw fault(error("expected a value"))
        }
    }

    private mutating func members(
        depth: Int, _ body: (inout JSONParser, String) throws(ImportFault) -> Void
    ) throws(ImportFault) {
        try syntax { (parser) throws(JSON.Failure) in try parser.enter(depth) }
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault(error("expected the name of a member in quotation marks"))
            }
            let name = try syntax { (parser) throws(JSON.Failure) in try parser.string() }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault(error("expected ':' after the name of a member")) }
            try body(&self, name)
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else { throw fault(error("expected ',' or '}' after a member")) }
        }
    }

    private mutating func elements(depth: Int) throws(ImportFault) -> [MMDBValue] {
        try syntax { (parser) throws(JSON.Failure) in try parser.enter(depth) }
        var values: [MMDBValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return values }
        while true {
            if let value = try importedValue(depth: depth + 1) { values.append(value) }
            skipSpace()
            if take(UInt8(ascii: "]")) { return values }
            guard take(UInt8(ascii: ",")) else { throw fault(error("expected ',' or ']' after an element")) }
        }
    }

    private mutating func word(_ word: String, _ value: MMDBValue?) throws(ImportFault) -> MMDBValue? {
        try syntax { (parser) throws(JSON.Failure) in try parser.expect(word) }
        return value
    }

    private mutating func number() throws(ImportFault) -> MMDBValue {
        let numeral = try syntax { (parser) throws(JSON.Failure) in try parser.numeral() }
        guard numeral.isWhole else {
            return .double(try syntax { (parser) throws(JSON.Failure) in try parser.double(numeral) })
        }
        if let whole = numeral.whole { return try .whole(UInt128(whole), isNegative: numeral.isNegative) }
        guard let magnitude = NumberSpelling(bytes[numeral.range])?.magnitude else {
            throw ImportFault(
                "a number has more than the 128 bits that any type holds",
                remedy: "Give it an exponent to make it a double, or put it in quotation marks")
        }
        return try .whole(magnitude, isNegative: numeral.isNegative)
    }

    /// Does what can find that the line is not JSON.
    private mutating func syntax<Result>(
        _ body: (inout JSONParser) throws(JSON.Failure) -> Result
    ) throws(ImportFault) -> Result {
        do throws(JSON.Failure) {
            return try body(&self)
        } catch {
            throw fault(error)
        }
    }

    private func fault(_ error: JSON.Failure) -> ImportFault {
        ImportFault(
            "the line is not JSON: \(error.message) (at column \(error.column))",
            remedy: "Put one whole JSON object on each line")
    }
}
