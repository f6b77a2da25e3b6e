/// All addresses from one to another, in order, made only as they are asked for.
///
/// A sequence, since IPv6 has more addresses than an `Int` counts; ``indexed`` is a random access
/// collection of the same addresses wherever they can be counted.
public struct IPAddressRange: Sendable, Hashable, Sequence {
    /// The lowest address.
    public let first: IPAddress

    /// The highest address, which belongs to the range.
    public let last: IPAddress

    /// The addresses from `first` through `last`; nil where they are of two families or out of order.
    public init?(from first: IPAddress, through last: IPAddress) {
        guard first.family == last.family, first.bits <= last.bits else { return nil }
        self.init(checkedFirst: first.withoutZone, last: last.withoutZone)
    }

    init(checkedFirst first: IPAddress, last: IPAddress) {
        self.first = first
        self.last = last
    }

    /// How many addresses there are; for all of IPv6, one more than fits, the largest number.
    public var count: UInt128 {
        let (count, over) = (last.bits - first.bits).addingReportingOverflow(1)
        return over ? .max : count
    }

    /// Whether the address is within the range; its zone does not matter.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && address.bits >= first.bits && address.bits <= last.bits
    }

    /// The address at an offset from the first, or nil beyond the last.
    public func address(at offset: UInt128) -> IPAddress? {
        guard offset <= last.bits - first.bits else { return nil }
        return IPAddress(first.bits + offset, family: first.family)
    }

    /// The same addresses as a random access collection, or nil where there are more than `Int.max`.
    public var indexed: Indexed? {
        Int(exactly: count).map { Indexed(first: first, count: $0) }
    }

    /// An iterator over the addresses, lowest first.
    public func makeIterator() -> Iterator {
        Iterator(next: first.bits, last: last.bits, family: first.family)
    }

    /// A lower bound of how many addresses there are.
    public var underestimatedCount: Int { Int(clamping: count) }

    /// Goes through the addresses of a range.
    public struct Iterator: IteratorProtocol, Sendable {
        // Nil after the last address: the number after it may not exist.
        private var upcoming: UInt128?
        private let last: UInt128
        private let family: IPAddress.Family

        init(next: UInt128, last: UInt128, family: IPAddress.Family) {
            upcoming = next
            self.last = last
            self.family = family
        }

        /// The next address, or nil after the last.
        public mutating func next() -> IPAddress? {
            guard let bits = upcoming else { return nil }
            upcoming = bits < last ? bits + 1 : nil
            return IPAddress(bits, family: family)
        }
    }

    /// The addresses of a range by their position, from 0.
    public struct Indexed: RandomAccessCollection, Sendable, Hashable {
        private let base: IPAddress

        /// How many addresses there are.
        public let count: Int

        init(first: IPAddress, count: Int) {
            base = first
            self.count = count
        }

        /// Position 0.
        public var startIndex: Int { 0 }

        /// The position after the last address.
        public var endIndex: Int { count }

        /// The address at a position, which must be within the collection.
        public subscript(position: Int) -> IPAddress {
            precondition(indices.contains(position), "an address's position is within the range")
            return IPAddress(base.bits + UInt128(position), family: base.family)
        }
    }
}
