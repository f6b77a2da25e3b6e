package import TraceCore

/// A path as the text of a traceroute program tells it: Linux, BSD and inetutils write it alike.
///
/// The text is a stranger's. What is no hop is passed over, numbers have limits, and of names those letters count that
/// names of hosts have.
package struct TracerouteText: Sendable, Hashable {
    /// The hops, in ascending order.
    package private(set) var hops: [TraceReport.Hop] = []
    /// The address of the host, where the first line says it.
    package private(set) var target: IPAddress?

    private static let longestLine = 4_096
    private static let mostLines = 2_000
    private static let mostReplies = 100

    /// Reads a text.
    package init(_ text: String) {
        var count = 0
        for line in text.split(whereSeparator: \.isNewline) {
            count += 1
            guard count <= Self.mostLines else { return }
            guard line.utf8.count <= Self.longestLine, add(line) else { continue }
        }
    }

    /// Whether anybody has answered.
    package var hasAnswers: Bool { hops.contains { !$0.replies.isEmpty } }

    /// Whether a line was of use.
    private mutating func add(_ line: Substring) -> Bool {
        var words = line.split { $0 == " " || $0 == "\t" }[...]
        guard let first = words.first else { return false }
        if first.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number that does not ascend begins another table, or is none of a hop.
            guard let number = Int(first), (1...255).contains(number), number > hops.last?.ttl ?? 0 else {
                return false
            }
            words.removeFirst()
            hops.append(TraceReport.Hop(ttl: number))
        } else {
            if hops.isEmpty {
                if target == nil { target = Self.target(in: words) }
                return false
            }
            // BSD writes further addresses of a hop on lines of their own.
            guard line.first == " " || line.first == "\t" else { return false }
        }
        var reading = Answers(hop: hops[hops.count - 1], most: Self.mostReplies)
        reading.read(words)
        hops[hops.count - 1] = reading.hop
        return true
    }

    /// The address in `traceroute to NAME (ADDRESS), 30 hops max`.
    private static func target(in words: ArraySlice<Substring>) -> IPAddress? {
        guard words.first?.lowercased().hasPrefix("traceroute") ?? false else { return nil }
        for word in words where word.hasPrefix("(") {
            if let address = IPAddress(String(word.dropFirst().prefix { $0 != ")" })) { return address }
        }
        return nil
    }

    /// The path as a report.
    ///
    /// - Parameters:
    ///   - host: What was asked for.
    ///   - start: When that was.
    package func report(of host: String, at start: UTCTime) -> TraceReport {
        let address = IPAddress(host) ?? target
        var hops = hops
        for hop in hops.indices {
            for reply in hops[hop].replies.indices where hops[hop].replies[reply].from == address {
                hops[hop].replies[reply].answer.kind = .answered
            }
        }
        // Silence behind the last answer says nothing.
        while let last = hops.last, last.replies.isEmpty { hops.removeLast() }
        let isReached = hops.last?.replies.contains { $0.kind.isFromTarget } ?? false
        let run = RunDescription(
            verb: .trace,
            target: address.map { ProbeTarget(name: IPAddress(host) == nil ? host : nil, address: $0) }, method: nil,
            mode: "text", startedAt: start)
        return TraceReport(run: run, hops: hops, end: RunEnd(isReached ? .reached : .completed))
    }
}

/// The answers in the line of a hop.
private struct Answers {
    var hop: TraceReport.Hop
    let most: Int
    private var address: IPAddress?
    private var name: UntrustedText?
    /// A word that may be a name or an address; what follows tells.
    private var word: Substring?
    /// The bracket that ends what is passed over.
    private var end: Character?

    init(hop: TraceReport.Hop, most: Int) { (self.hop, self.most) = (hop, most) }

    mutating func read(_ words: ArraySlice<Substring>) {
        for (index, text) in zip(words.indices, words) {
            let next = index + 1 < words.endIndex ? words[index + 1] : nil
            if let end {
                if text.last == end { self.end = nil }
            } else if text == "*" {
                guard hop.sent < most else { continue }
                hop.sent += 1
                hop.lost += 1
            } else if text == "ms" || text == "msec" {
                continue
            } else if let opening = text.first, opening == "[" || opening == "<" {
                // Numbers of networks, and labels.
                end = opening == "[" ? "]" : ">"
                if text.last == end { end = nil }
            } else if text.hasPrefix("("), text.hasSuffix(")") {
                meet(text.dropFirst().dropLast())
            } else if text.hasPrefix("!") {
                mark(text.dropFirst())
            } else if let time = Self.time(text, next) {
                answer(after: time)
            } else {
                (word, address, name) = (text, nil, nil)
            }
        }
    }

    /// What stands in parentheses: the address behind the name, or the name behind the address.
    private mutating func meet(_ inner: Substring) {
        if let address = IPAddress(String(inner)) {
            self.address = address
            name = word.flatMap { IPAddress(String($0)) == nil ? Self.name($0) : nil }
        } else if let address = word.flatMap({ IPAddress(String($0)) }) {
            self.address = address
            name = Self.name(inner)
        } else {
            (address, name) = (nil, nil)
        }
        word = nil
    }

    private mutating func answer(after time: Duration) {
        if address == nil, let word { address = IPAddress(String(word)) }
        word = nil
        guard let address, hop.sent < most else { return }
        hop.replies.append(
            TraceReport.HopReply(
                sequence: hop.sent, name: name, answer: ProbeReply(from: address, rtt: time, kind: .timeExceeded)))
        hop.sent += 1
    }

    /// What the router said of the way on.
    private mutating func mark(_ letters: Substring) {
        guard let last = hop.replies.indices.last else { return }
        let kind: ReplyKind =
            switch letters.first {
            case "H": .hostUnreachable
            case "N": .networkUnreachable
            case "P": .protocolUnreachable
            case "X", "A", "C", "V": .prohibited
            case "F": .packetTooBig
            case "S": .sourceRouteFailed
            case .some: .unreachable
            case nil: .timeExceeded
            }
        hop.replies[last].answer.kind = kind
    }

    /// The time in `1.5 ms` or `1.5ms`, up to ten minutes.
    private static func time(_ text: Substring, _ next: Substring?) -> Duration? {
        let number: Substring
        if text.hasSuffix("ms") {
            number = text.dropLast(2)
        } else if next == "ms" || next == "msec" {
            number = text
        } else {
            return nil
        }
        let isNumber = number.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        guard isNumber, (1...12).contains(number.utf8.count), let milliseconds = Double(number), milliseconds <= 600_000
        else { return nil }
        return Duration(milliseconds: milliseconds)
    }

    private static func name(_ text: Substring) -> UntrustedText? {
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isName, (1...253).contains(text.utf8.count) else { return nil }
        return UntrustedText(String(text))
    }
}
