extension ChartText {
    /// Who answers, as `name (address)`, or as much of it as fits. The address stays whole if it fits at all.
    static func who(_ name: UntrustedText?, _ address: IPAddress, others: Int = 0, room: Double) -> String {
        let more = others > 0 ? " +\(others)" : ""
        let bare = "\(address)\(more)"
        if let name, !name.raw.isEmpty, name.raw != "\(address)" {
            // A name with spaces or brackets in it could pass for the words around it.
            let quote = name.word.hasPrefix("\"") ? "\"" : ""
            for ending in [" (\(address))\(more)", more] {
                let left = room - width(quote + quote + ending)
                let shown = cut(name, room: left)
                // Less than half of a name is worth less than the address.
                guard !shown.isEmpty, ending == more || shown.columns * 2 >= min(name.escaped.columns, 60) else {
                    continue
                }
                if ending == more, shown.columns < 6, shown.columns < name.escaped.columns, width(bare) <= room {
                    break
                }
                return quote + shown + quote + ending
            }
        }
        return cut(UntrustedText(bare), room: room)
    }
}
