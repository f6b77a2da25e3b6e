internal import Synchronization

/// A cache of where paths lead in the records read last. Programs ask for the same few paths, often in the same
/// records.
///
/// It never waits: a reader that meets a writer reads the record instead, and a writer that meets another gives up.
final class PlaceCache: Sendable {
    /// A sequence lock for three words. The sequence is odd during a write, and has a new value after it.
    private struct Slot: ~Copyable, Sendable {
        let sequence = Atomic<UInt64>(0)
        let record = Atomic<UInt64>(.max)
        let path = Atomic<UInt64>(0)
        let place = Atomic<UInt64>(0)
    }

    private static let count = 2048
    private let slots = InlineArray<2048, Slot> { _ in Slot() }

    @inline(__always)
    private static func slot(_ record: Int, _ path: UInt64) -> Int {
        let mixed = (UInt64(truncatingIfNeeded: record) ^ path << 40) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 32) & (count &- 1)
    }

    /// Where a path leads from a record, -1 for nowhere, or nil if it is not in the cache.
    @inline(__always)
    func place(of path: UInt64, from record: Int) -> Int? {
        let index = Self.slot(record, path)
        let before = slots[index].sequence.load(ordering: .acquiring)
        let known = slots[index].record.load(ordering: .relaxed)
        let knownPath = slots[index].path.load(ordering: .relaxed)
        let place = slots[index].place.load(ordering: .relaxed)
        atomicMemoryFence(ordering: .acquiring)
        guard before & 1 == 0, slots[index].sequence.load(ordering: .relaxed) == before,
            known == UInt64(truncatingIfNeeded: record), knownPath == path
        else { return nil }
        return Int(truncatingIfNeeded: place)
    }

    /// Stores where a path leads.
    @inline(__always)
    func keep(_ place: Int, of path: UInt64, from record: Int) {
        let index = Self.slot(record, path)
        let before = slots[index].sequence.load(ordering: .relaxed)
        guard before & 1 == 0,
            slots[index].sequence.compareExchange(
                expected: before, desired: before &+ 1, successOrdering: .acquiring, failureOrdering: .relaxed
            ).exchanged
        else { return }
        atomicMemoryFence(ordering: .releasing)
        slots[index].record.store(UInt64(truncatingIfNeeded: record), ordering: .relaxed)
        slots[index].path.store(path, ordering: .relaxed)
        slots[index].place.store(UInt64(truncatingIfNeeded: place), ordering: .relaxed)
        slots[index].sequence.store(before &+ 2, ordering: .releasing)
    }
}
