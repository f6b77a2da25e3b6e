/// The addresses that a sweep asks, in order, made only as they are needed: a network of millions costs as much
/// memory as one of ten.
///
/// The plan is one and the same for all kinds of collections, and takes addresses in pieces: asking an unknown
/// collection for each address took as long as everything else that a plan does for a probe.
public struct SweepTargets: Sendable {
    /// How many addresses there are.
    public let count: Int

    /// Adds the addresses at a range of positions to a list.
    @usableFromInline let append: @Sendable (_ positions: Range<Int>, _ list: inout [IPAddress]) -> Void

    /// The addresses of a collection.
    @inlinable public init<Addresses: RandomAccessCollection & Sendable>(_ addresses: Addresses)
    where Addresses.Element == IPAddress, Addresses.Index: Sendable {
        count = addresses.count
        append = { positions, list in
            let first = addresses.index(addresses.startIndex, offsetBy: positions.lowerBound)
            let last = addresses.index(first, offsetBy: positions.count)
            list.append(contentsOf: addresses[first..<last])
        }
    }

    /// The addresses at a range of positions, which must be within the list.
    public func addresses(at positions: Range<Int>) -> [IPAddress] {
        var list: [IPAddress] = []
        list.reserveCapacity(positions.count)
        append(positions, &list)
        return list
    }
}
