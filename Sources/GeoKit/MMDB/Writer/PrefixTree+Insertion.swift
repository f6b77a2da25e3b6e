extension MMDBWriter.PrefixTree {
    typealias Values = MMDBWriter.ValueStore

    /// Changes the record of all addresses at a place.
    mutating func insert(at place: Place, _ change: Change, values: inout Values) throws(Fault) {
        guard place.length > 0 else { return try apply(change, below: 0, values: &values) }
        var node: UInt32 = 0
        var depth = 0
        // IPv4 networks need not be led through 96 zeros each.
        if place.length > 96, ipv4Root != 0, place.bits >> 32 == 0 {
            node = ipv4Root
            depth = 96
        }
        let (high, low) = (UInt64(truncatingIfNeeded: place.bits >> 64), UInt64(truncatingIfNeeded: place.bits))
        while true {
            let bit = Int(truncatingIfNeeded: (depth < 64 ? high << UInt64(depth) : low << UInt64(depth &- 64)) >> 63)
            let record = self[node, bit]
            depth &+= 1
            if record.isAlias { throw .aliased }
            if depth == place.length {
                if let next = record.node {
                    return try changeAll(change, below: next, of: node, bit, at: place, values: &values)
                }
                self[node, bit] = .value(try changed(record, by: change, values: &values))
                return
            }
            guard let next = record.node else {
                let value = try changed(record, by: change, values: &values)
                // What is here already need not be split to be said again.
                if record.value == value { return }
                return try split(node, bit, at: depth, towards: place, value: value)
            }
            node = next
        }
    }

    /// Puts nodes under a record that has none, so that the place has a record of its own.
    private mutating func split(
        _ node: UInt32, _ bit: Int, at depth: Int, towards place: Place, value: UInt32
    ) throws(Fault) {
        guard nodeCount + place.length - depth < Self.nodeLimit else { throw .full }
        let before = self[node, bit]
        let first = UInt32(truncatingIfNeeded: nodeCount)
        for level in depth..<place.length {
            let isLast = level == place.length - 1
            let way: Record = isLast ? .value(value) : .node(UInt32(truncatingIfNeeded: nodeCount + 1))
            add(place.bit(level) == 0 ? (way, before) : (before, way))
        }
        self[node, bit] = .node(first)
    }

    /// Changes everything at a place below which there are nodes.
    private mutating func changeAll(
        _ change: Change, below subtree: UInt32, of node: UInt32, _ bit: Int, at place: Place, values: inout Values
    ) throws(Fault) {
        if case .replacing(let id) = change, !landmarks.contains(where: place.contains) {
            self[node, bit] = .value(id)
        } else {
            try apply(change, below: subtree, values: &values)
        }
    }

    /// Changes every record below a node, and leaves aliases as they are.
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

    /// The first place with a value that the place holds or lies in.
    func overlap(with place: Place) throws(Fault) -> Place? {
        var node: UInt32 = 0
        for depth in 0..<place.length {
            let record = self[node, place.bit(depth)]
            if record.isAlias { throw .aliased }
            if let next = record.node {
                node = next
                continue
            }
            guard record.value != nil else { return nil }
            let length = depth + 1
            let mask = ~UInt128(0) << UInt128(128 - length)
            return Place(bits: place.bits & mask, length: length)
        }
        return firstValue(below: node, at: place)
    }

    private func firstValue(below node: UInt32, at place: Place) -> Place? {
        for bit in 0...1 {
            let record = self[node, bit]
            if record.value != nil { return place.child(bit) }
            if let next = record.node, let found = firstValue(below: next, at: place.child(bit)) { return found }
        }
        return nil
    }
}
