import Foundation

/// One line of the table.
struct Row {
    /// Whether a target was met.
    enum Verdict: String {
        case met = "met"
        case missed = "**missed**"
        /// There is nothing to judge; the other columns say why.
        case open = "open"
    }

    let name: String
    let target: String
    private(set) var ours: String
    private(set) var peer: String
    let ratio: String
    var verdict: Verdict

    /// - Parameter isMet: Whether the target was met; nil where there is nothing to judge.
    init(name: String, target: String, ours: String, peer: String, ratio: String, verdict isMet: Bool?) {
        self.name = name
        self.target = target
        self.ours = ours.replacingOccurrences(of: "FOLDER/", with: "")
        self.peer = peer.replacingOccurrences(of: "FOLDER/", with: "")
        self.ratio = ratio
        verdict = isMet.map { $0 ? .met : .missed } ?? .open
    }

    mutating func addToOurs(_ text: String?) { ours += text ?? "" }
    mutating func addToPeer(_ text: String?) { peer += text ?? "" }

    static let header = """
        | case | target | ours | peer | ratio | verdict |
        | --- | --- | --- | --- | --- | --- |
        """

    var text: String { "| \(name) | \(target) | \(ours) | \(peer) | \(ratio) | \(verdict.rawValue) |" }
}
