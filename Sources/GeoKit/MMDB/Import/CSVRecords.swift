/// Splits text into records and cells (RFC 4180).
package struct CSVRecords {
    private let bytes: [UInt8]
    private var position = 0
    private var nextLine = 1
    /// The line at which the last record begins, counting from 1.
    package private(set) var line = 1

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the cells of the next record, and returns whether there was one. Empty lines are skipped.
    package mutating func next(_ cells: inout [ArraySlice<UInt8>]) throws(ImportFault) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            let isReturn = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
            guard byte == 0x0A || isReturn else { break }
            position += isReturn ? 2 : 1
            nextLine += 1
        }
        guard position < bytes.count else { return false }
        line = nextLine
        cells.removeAll(keepingCapacity: true)
        while true {
            let isQuoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
            cells.append(isQuoted ? try quotedCell() : try plainCell())
            guard position < bytes.count else { return true }
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: ",") { continue }
            // The end of the line, which may have two bytes.
            if byte == 0x0D { position += 1 }
            nextLine += 1
            return true
        }
    }

    private mutating func plainCell() throws(ImportFault) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, !isEndOfCell {
            if bytes[position] == UInt8(ascii: "\"") {
                skipLine()
                throw ImportFault(
                    "a cell contains a quotation mark but does not begin with one",
                    remedy: "Put the cell in quotation marks and double the ones inside it")
            }
            position += 1
        }
        return bytes[start..<position]
    }

    private mutating func quotedCell() throws(ImportFault) -> ArraySlice<UInt8> {
        position += 1
        let start = position
        // Only a cell with quotation marks inside is copied.
        var unquoted: [UInt8]?
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                if position + 1 < bytes.count, bytes[position + 1] == byte {
                    if unquoted == nil { unquoted = Array(bytes[start..<position]) }
                    position += 1
                } else {
                    let content = unquoted?[...] ?? bytes[start..<position]
                    position += 1
                    guard position >= bytes.count || isEndOfCell else {
                        skipLine()
                        throw ImportFault(
                            "text follows the quotation mark that ends a cell",
                            remedy: "Double the quotation marks inside a cell, and put a comma after it")
                    }
                    return content
                }
            } else if byte == 0x0A {
                nextLine += 1
            }
            unquoted?.append(byte)
            position += 1
        }
        throw ImportFault(
            "a cell begins with a quotation mark that is never closed", remedy: "Put a quotation mark at its end")
    }

    private var isEndOfCell: Bool {
        switch bytes[position] {
        case UInt8(ascii: ","), 0x0A: true
        case 0x0D: position + 1 < bytes.count ? bytes[position + 1] == 0x0A : false
        default: false
        }
    }

    private mutating func skipLine() {
        while position < bytes.count {
            position += 1
            if bytes[position - 1] == 0x0A {
                nextLine += 1
                return
            }
        }
    }
}
