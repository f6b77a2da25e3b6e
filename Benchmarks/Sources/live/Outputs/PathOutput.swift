import Foundation
import TraceCore

/// The hops that a tool has found, each with its answers in the order of the probes.
struct PathOutput: Equatable {
    struct Answer: Equatable {
        let from: IPAddress
        let rttMs: Double
    }

    /// For each TTL what came for each probe, nil for a probe without an answer.
    var hops: [Int: [Answer?]] = [:]

    /// The TTLs at which somebody answered.
    var answeringHops: Set<Int> { Set(hops.filter { $0.value.contains { $0 != nil } }.keys) }

    /// The text of traceroute, or of a tool that prints as it does, with addresses and no names.
    init(text: String) {
        for line in text.split(separator: "\n") {
            var words = line.split(separator: " ")
            guard let first = words.first, let ttl = Int(first) else { continue }
            words.removeFirst()
            var answers: [Answer?] = []
            var from: IPAddress?
            for (index, word) in words.enumerated() {
                if word == "*" {
                    answers.append(nil)
                } else if let address = IPAddress(String(word)) {
                    from = address
                } else if word == "ms", index > 0, let rtt = Double(words[index - 1]), let from {
                    answers.append(Answer(from: from, rttMs: rtt))
                }
            }
            hops[ttl] = answers
        }
    }

    /// A trace as one JSON document of ours.
    init?(json: String) {
        struct Document: Decodable {
            struct Hop: Decodable {
                let ttl: Int
                let replies: [Reply]
            }
            struct Reply: Decodable {
                let sequence: Int
                let from: String
                let rttMs: Double
            }
            let hops: [Hop]
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) else { return nil }
        for hop in document.hops {
            var answers: [Answer?] = []
            for reply in hop.replies {
                guard let from = IPAddress(reply.from), (0..<1000).contains(reply.sequence) else { continue }
                while answers.count <= reply.sequence { answers.append(nil) }
                answers[reply.sequence] = Answer(from: from, rttMs: reply.rttMs)
            }
            hops[hop.ttl] = answers
        }
    }

    /// A trace as a line of scamper's JSON; nil for a line about anything else.
    init?(scamper line: Substring) {
        struct Line: Decodable {
            struct Hop: Decodable {
                let addr: String
                let probeTTL: Int
                let rtt: Double

                enum CodingKeys: String, CodingKey {
                    case addr, rtt
                    case probeTTL = "probe_ttl"
                }
            }
            let type: String
            let hops: [Hop]?
        }
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)), line.type == "trace" else {
            return nil
        }
        for hop in line.hops ?? [] {
            guard let from = IPAddress(hop.addr) else { continue }
            hops[hop.probeTTL, default: []].append(Answer(from: from, rttMs: hop.rtt))
        }
    }
}
