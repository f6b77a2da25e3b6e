import TraceCore

/// The addresses of several ranges, one after the other and each of them once, none of which is made before it is
/// needed.
struct AddressRanges: RandomAccessCollection, Sendable {
    private var ranges: [IPAddressRange.Indexed] = []
    private var bounds: [(first: UInt128, last: UInt128, family: IPAddress.Family)] = []
    /// The position behind the last address of each range.
    private var ends: [Int] = []

    var startIndex: Int { 0 }
    var endIndex: Int { ends.last ?? 0 }

    subscript(position: Int) -> IPAddress {
        let index = ends.firstIndex { position < $0 } ?? ends.count
        return ranges[index][position - (index > 0 ? ends[index - 1] : 0)]
    }

    /// Adds what no earlier range has; false if there are more addresses than can be counted.
    mutating func add(_ range: IPAddressRange) -> Bool {
        let family = range.first.family
        var rest = [(first: range.first.bits, last: range.last.bits)]
        for known in bounds where known.family == family {
            rest = rest.flatMap { piece in
                var left: [(first: UInt128, last: UInt128)] = []
                if piece.first < known.first { left.append((piece.first, Swift.min(piece.last, known.first - 1))) }
                if piece.last > known.last { left.append((Swift.max(piece.first, known.last + 1), piece.last)) }
                return left
            }
        }
        for piece in rest {
            let first = family == .v4 ? IPAddress(v4: UInt32(piece.first)) : IPAddress(v6: piece.first)
            let last = family == .v4 ? IPAddress(v4: UInt32(piece.last)) : IPAddress(v6: piece.last)
            guard let indexed = IPAddressRange(from: first, through: last)?.indexed else { return false }
            let (end, isTooMany) = endIndex.addingReportingOverflow(indexed.count)
            guard !isTooMany else { return false }
            ranges.append(indexed)
            bounds.append((piece.first, piece.last, family))
            ends.append(end)
        }
        return true
    }
}
