internal import TraceCore

extension MMDBWriter {
    /// Stores every distinct value once, at every depth, and gives it a number.
    ///
    /// Scalars are stored as the bytes of the file, maps and arrays as the numbers of their members. So two values are
    /// equal if their numbers are, and a million records of a few thousand kinds need little memory.
    struct ValueStore: Sendable {
        /// Why a value cannot be written.
        struct Fault: Error {
            let reason: String
        }

        enum Kind: UInt32, Sendable { case scalar, map, array }

        private var entries: [Entry] = []
        /// The bytes of the scalars, one after the other.
        private(set) var bytes: [UInt8] = []
        /// The members of maps (key, value, key, …) and arrays, one after the other.
        private(set) var words: [UInt32] = []

        /// A hash table of the values: a hash in the upper half and the number of a value in the lower half, or `none`.
        /// They are in one word because each access to another place waits for memory.
        private var table = [UInt64](repeating: none, count: 1024)
        /// Makes it hard to prepare values with equal hashes. It does not affect the file.
        private let seed = UInt64.random(in: 0...UInt64.max) | 1
        private static let none = UInt64.max

        /// The members so far of the maps and arrays around the current value.
        private var parts: [UInt32] = []
        private var mergers: [UInt64: UInt32] = [:]

        var count: Int { entries.count }

        func kind(_ id: UInt32) -> Kind { entries[Int(id)].kind }

        /// The position of a value in ``bytes`` or ``words``.
        func range(_ id: UInt32) -> Range<Int> { entries[Int(id)].range }
    }
}

extension MMDBWriter.ValueStore {
    /// The position, the length and the kind of a value.
    private struct Entry: Sendable {
        let start: UInt32
        private let countAndKind: UInt32

        init(_ kind: Kind, start: Int, count: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            // The largest map has 2^25 words.
            countAndKind = UInt32(truncatingIfNeeded: count) << 2 | kind.rawValue
        }

        var kind: Kind { Kind(rawValue: countAndKind & 3) ?? .scalar }
        var range: Range<Int> { Int(start)..<Int(start) &+ Int(countAndKind >> 2) }

        func isLike(_ kind: Kind, count: Int) -> Bool {
            countAndKind == UInt32(truncatingIfNeeded: count) << 2 | kind.rawValue
        }
    }
}

// MARK: - Values in

extension MMDBWriter.ValueStore {
    /// The number of a value.
    mutating func intern(_ value: MMDBValue) throws(Fault) -> UInt32 {
        let base = parts.count
        do throws(Fault) {
            return try intern(value, depth: 0)
        } catch {
            parts.removeSubrange(base...)
            throw error
        }
    }

    private mutating func intern(_ value: MMDBValue, depth: Int) throws(Fault) -> UInt32 {
        switch value {
        case .map(let pairs):
            try checkDepth(depth)
            let base = parts.count
            for pair in pairs {
                parts.append(try intern(text: pair.key))
                parts.append(try intern(pair.value, depth: depth + 1))
            }
            return try internParts(from: base, as: .map)
        case .array(let elements):
            try checkDepth(depth)
            let base = parts.count
            for element in elements { parts.append(try intern(element, depth: depth + 1)) }
            return try internParts(from: base, as: .array)
        case .string(let text):
            return try intern(text: text)
        case .bytes(let bytes) where bytes.count > MMDBWriter.sizeLimit:
            throw Fault(reason: "it has a value of \(bytes.count) bytes, and the limit is \(MMDBWriter.sizeLimit)")
        default:
            let start = bytes.count
            bytes.append(scalar: value)
            return try internBytes(from: start)
        }
    }

    private func checkDepth(_ depth: Int) throws(Fault) {
        guard depth < MMDBFormat.depthLimit else {
            throw Fault(reason: "its maps and arrays are nested more than \(MMDBFormat.depthLimit) levels deep")
        }
    }

    private mutating func intern(text: UntrustedText) throws(Fault) -> UInt32 {
        let utf8 = text.raw.utf8
        // UntrustedText keeps bytes that are not UTF-8 as scalars whose UTF-8 begins with F4.
        if utf8.contains(0xF4) { return try intern(textOfBytes: text) }
        guard utf8.count <= MMDBWriter.sizeLimit else { throw Self.tooLong(utf8.count) }
        let start = bytes.count
        bytes.append(scalar: .string(text))
        return try internBytes(from: start)
    }

    private mutating func intern(textOfBytes text: UntrustedText) throws(Fault) -> UInt32 {
        let content = text.bytes
        guard String(validating: content, as: UTF8.self) != nil else {
            throw Fault(reason: "\(text.debugDescription) is not UTF-8, and strings and keys must be")
        }
        guard content.count <= MMDBWriter.sizeLimit else { throw Self.tooLong(content.count) }
        let start = bytes.count
        bytes.append(.string, size: content.count)
        bytes.append(contentsOf: content)
        return try internBytes(from: start)
    }

    private static func tooLong(_ count: Int) -> Fault {
        Fault(reason: "it has a string of \(count) bytes, and the limit is \(MMDBWriter.sizeLimit)")
    }

    /// The number of the scalar whose bytes have just been added. If it is known, the bytes are removed again.
    private mutating func internBytes(from start: Int) throws(Fault) -> UInt32 {
        let count = bytes.count - start
        var hash = seed
        for index in start..<start + count { hash = (hash ^ UInt64(bytes[index])) &* 0x9E37_79B9_7F4A_7C15 }
        let folded = Self.fold(hash)
        var slot = Int(folded) & (table.count - 1)
        while case let found = table[slot], found != Self.none {
            let id = UInt32(truncatingIfNeeded: found)
            if found >> 32 == folded, isScalar(id, sameAs: start, count: count) {
                bytes.removeLast(count)
                return id
            }
            slot = (slot + 1) & (table.count - 1)
        }
        guard bytes.count <= Int(UInt32.max) else { throw Fault(reason: "there is no room for more values") }
        return try add(.scalar, start: start, count: count, hash: folded, slot: slot)
    }

    private func isScalar(_ id: UInt32, sameAs start: Int, count: Int) -> Bool {
        let entry = entries[Int(id)]
        guard entry.isLike(.scalar, count: count) else { return false }
        let other = Int(entry.start)
        for index in 0..<count where bytes[other &+ index] != bytes[start &+ index] { return false }
        return true
    }

    /// The number of the map or array whose members have just been added. They are removed in any case.
    private mutating func internParts(from base: Int, as kind: Kind) throws(Fault) -> UInt32 {
        let count = parts.count - base
        defer { parts.removeLast(count) }
        var hash = seed &+ UInt64(kind.rawValue)
        for index in base..<parts.count { hash = (hash ^ UInt64(parts[index])) &* 0x9E37_79B9_7F4A_7C15 }
        let folded = Self.fold(hash)
        var slot = Int(folded) & (table.count - 1)
        while case let found = table[slot], found != Self.none {
            let id = UInt32(truncatingIfNeeded: found)
            if found >> 32 == folded, isMade(id, kind, of: base, count: count) { return id }
            slot = (slot + 1) & (table.count - 1)
        }
        // A known value has been checked before, so each distinct value is checked once.
        if kind == .map { try checkKeys(from: base) }
        guard (kind == .map ? count / 2 : count) <= MMDBWriter.sizeLimit else {
            throw Fault(reason: "it has a map or an array of more than \(MMDBWriter.sizeLimit) elements")
        }
        let start = words.count
        guard start + count <= Int(UInt32.max) else { throw Fault(reason: "there is no room for more values") }
        words.append(contentsOf: parts[base...])
        return try add(kind, start: start, count: count, hash: folded, slot: slot)
    }

    private func isMade(_ id: UInt32, _ kind: Kind, of base: Int, count: Int) -> Bool {
        let entry = entries[Int(id)]
        guard entry.isLike(kind, count: count) else { return false }
        let other = Int(entry.start)
        for index in 0..<count where words[other &+ index] != parts[base &+ index] { return false }
        return true
    }

    /// Refuses a map that has a key twice: some readers use the first, others the last.
    private func checkKeys(from base: Int) throws(Fault) {
        let keys = stride(from: base, to: parts.count, by: 2).map { parts[$0] }
        var known: Set<UInt32> = []
        for (index, key) in keys.enumerated() {
            // Most maps have few keys, for which a search is faster than a set.
            guard keys.count > 16 ? !known.insert(key).inserted : keys[..<index].contains(key) else { continue }
            throw Fault(reason: "a map has the key \(text(key).debugDescription) twice")
        }
    }

    private func text(_ id: UInt32) -> UntrustedText {
        let range = range(id)
        // Without the type byte. A long key is shown with the bytes of its size.
        return UntrustedText(decoding: bytes[range].dropFirst())
    }

    private mutating func add(
        _ kind: Kind, start: Int, count: Int, hash: UInt64, slot: Int
    ) throws(Fault) -> UInt32 {
        guard self.count < 0x7FFF_FFFF else { throw Fault(reason: "there is no room for more values") }
        let id = UInt32(truncatingIfNeeded: self.count)
        entries.append(Entry(kind, start: start, count: count))
        table[slot] = hash << 32 | UInt64(id)
        if self.count > table.count / 2 { growTable() }
        return id
    }

    private mutating func growTable() {
        let mask = table.count * 2 - 1
        var larger = [UInt64](repeating: Self.none, count: mask + 1)
        for entry in table where entry != Self.none {
            var slot = Int(entry >> 32) & mask
            while larger[slot] != Self.none { slot = (slot + 1) & mask }
            larger[slot] = entry
        }
        table = larger
    }

    /// The hash in the form of the table, in 32 bits.
    private static func fold(_ hash: UInt64) -> UInt64 {
        // Multiplications carry upwards only, so the upper half depends on the whole value.
        ((hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93) >> 32
    }
}

// MARK: - Merging

extension MMDBWriter.ValueStore {
    /// The number of two values merged. Where they differ, the later one counts.
    mutating func merged(_ earlier: UInt32, _ later: UInt32) throws(Fault) -> UInt32 {
        guard earlier != later, kind(earlier) == .map, kind(later) == .map else { return later }
        let pair = UInt64(earlier) << 32 | UInt64(later)
        if let known = mergers[pair] { return known }
        let (old, new) = (range(earlier), range(later))
        let base = parts.count
        // The positions of the later values whose keys have not been seen yet.
        var places: [UInt32: Int] = [:]
        for index in stride(from: new.lowerBound, to: new.upperBound, by: 2) { places[words[index]] = index + 1 }
        for index in stride(from: old.lowerBound, to: old.upperBound, by: 2) {
            let place = places.removeValue(forKey: words[index])
            let value = try place.map { (place) throws(Fault) in try merged(words[index + 1], words[place]) }
            parts.append(words[index])
            parts.append(value ?? words[index + 1])
        }
        for index in stride(from: new.lowerBound, to: new.upperBound, by: 2) where places[words[index]] != nil {
            parts.append(words[index])
            parts.append(words[index + 1])
        }
        let id = try internParts(from: base, as: .map)
        // Usually few distinct records are merged. This limits the memory in other cases.
        if mergers.count >= 65_536 { mergers.removeAll(keepingCapacity: true) }
        mergers[pair] = id
        return id
    }
}
