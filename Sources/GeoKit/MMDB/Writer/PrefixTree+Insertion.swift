extension MMDBWriter.PrefixTree {
    typealias Values = MMDBWriter.ValueStore

    /// Changes the records of all addresses of a prefix.
    mutating func insert(at prefix: Prefix, _ change: Change, values: inout Values) throws(Fault) {
        guard prefix.length > 0 else { return try apply(change, below: 0, values: &values) }
        var node: UInt32 = 0
        var depth = 0
        // For IPv4 networks, skip the walk through 96 zero bits.
        if prefix.length > 96, ipv4Root != 0, prefix.bits >> 32 == 0 {
            node = ipv4Root
            depth = 96
        }
        let (high, low) = (UInt64(truncatingIfNeeded: prefix.bits >> 64), UInt64(truncatingIfNeeded: prefix.bits))
        while true {
            let bit = Int(truncatingIfNeeded: (depth < 64 ? high << UInt64(depth) : low << UInt64(depth &- 64)) >> 63)
            let record = self[node, bit]
            depth &+= 1
            if record.isAlias { throw .aliased }
            if depth == prefix.length {
                if let next = record.node {
                    return try changeAll(change, below: next, of: node, bit, at: prefix, values: &values)
                }
                self[node, bit] = .value(try changed(record, by: change, values: &values))
                return
            }
            guard let next = record.node else {
                let value = try changed(record, by: change, values: &values)
                // The value is here already: do not split.
                if record.value == value { return }
                return try split(node, bit, at: depth, towards: prefix, value: value)
            }
            node = next
        }
    }

    /// Adds nodes below a record, so that the prefix has a record of its own.
    private mutating func split(
        _ node: UInt32, _ bit: Int, at depth: Int, towards prefix: Prefix, value: UInt32
    ) throws(Fault) {
        guard nodeCount + prefix.length - depth < Self.nodeLimit else { throw .full }
        let before = self[node, bit]
        let first = UInt32(truncatingIfNeeded: nodeCount)
        for level in depth..<prefix.length {
            let isLast = level == prefix.length - 1
            let way: Record = isLast ? .value(value) : .node(UInt32(truncatingIfNeeded: nodeCount + 1))
            add(prefix.bit(level) == 0 ? (way, before) : (before, way))
        }
        self[node, bit] = .node(first)
    }

    /// Changes everything at a prefix that has nodes below it.
    private mutating func changeAll(
        _ change: Change, below subtree: UInt32, of node: UInt32, _ bit: Int, at prefix: Prefix, values: inout Values
    ) throws(Fault) {
        if case .replacing(let id) = change, !landmarks.contains(where: prefix.contains) {
            self[node, bit] = .value(id)
        } else {
            try apply(change, below: subtree, values: &values)
        }
    }

    /// Changes every record below a node, except aliases.
    private mutating func apply(_ change: Change, below node: UInt32, values: inout Values) throws(Fault) {
        for bit in 0...1 {
            let record = self[node, bit]
            if let next = record.node {
                try apply(change, below: next, values: &values)
            } else if !record.isAlias {
                self[node, bit] = .value(try changed(record, by: change, values: &values))
            }
        }
    }

    private func changed(_ record: Record, by change: Change, values: inout Values) throws(Fault) -> UInt32 {
        guard let earlier = record.value else { return change.value }
        switch change {
        case .replacing(let id): return id
        case .filling: return earlier
        case .merging(let id):
            do throws(Values.Fault) {
                return try values.merged(earlier, id)
            } catch {
                throw .values(error)
            }
        }
    }

    /// The first prefix with a value that is inside this prefix or contains it.
    func overlap(with prefix: Prefix) throws(Fault) -> Prefix? {
        var node: UInt32 = 0
        for depth in 0..<prefix.length {
            let record = self[node, prefix.bit(depth)]
            if record.isAlias { throw .aliased }
            if let next = record.node {
                node = next
                continue
            }
            guard record.value != nil else { return nil }
            let length = depth + 1
            let mask = ~UInt128(0) << UInt128(128 - length)
            return Prefix(bits: prefix.bits & mask, length: length)
        }
        return firstValue(below: node, at: prefix)
    }

    private func firstValue(below node: UInt32, at prefix: Prefix) -> Prefix? {
        for bit in 0...1 {
            let record = self[node, bit]
            if record.value != nil { return prefix.child(bit) }
            if let next = record.node, let found = firstValue(below: next, at: prefix.child(bit)) { return found }
        }
        return nil
    }
}
