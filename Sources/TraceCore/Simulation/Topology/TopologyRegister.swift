/// What a topology text has said, and where: to say it twice is a mistake, for the reader would have to guess which holds.
struct TopologyRegister {
    private var given: [[String]: TopologyPosition] = [:]

    /// Takes note that something is said.
    ///
    /// - Parameters:
    ///   - key: What is said of what: equal keys say the same.
    ///   - what: The same in words.
    ///   - position: Where.
    /// - Throws: The mistake, with both places, if it has been said before.
    mutating func note(
        _ key: [String], _ what: @autoclosure () -> String, at position: TopologyPosition
    ) throws(TopologyMistake) {
        guard let first = given.updateValue(position, forKey: key) else { return }
        let place = first.line == position.line ? "at column \(first.column)" : "on line \(first.line)"
        throw TopologyMistake(
            "\(what()) stands here for the second time, and \(place) for the first", at: position,
            expected: "one of the two")
    }

    /// Takes note of an attribute of a node or a link.
    ///
    /// - Parameter owner: What it is an attribute of, and from when on.
    mutating func note(_ word: TopologyLine.Word, of owner: [String]) throws(TopologyMistake) {
        switch word.key {
        // The rules of a firewall are a list, in the order in which they stand.
        case "allow", "prohibit", "drop": return
        // The two say the same thing, one way or the other.
        case "up", "down": try note(owner + ["down"], "\"up\" or \"down\"", at: word.position)
        default: try note(owner + [word.key], "\"\(UntrustedText(word.key))\"", at: word.position)
        }
    }
}
