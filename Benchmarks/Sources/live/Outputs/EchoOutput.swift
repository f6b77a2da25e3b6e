import Foundation

/// The round-trip times of a ping, by the numbers of its probes.
struct EchoOutput: Equatable {
    var rttMs: [Int: Double] = [:]

    /// The text of ping; its first probe is number 1.
    init(text: String) {
        for line in text.split(separator: "\n") {
            guard let match = line.firstMatch(of: /icmp_seq=(\d+) .*time=([0-9.]+) ms/), let number = Int(match.1),
                let rtt = Double(match.2), rttMs[number] == nil
            else { continue }
            rttMs[number] = rtt
        }
    }

    /// A ping as one JSON document of ours; its first probe is number 0.
    init?(json: String) {
        struct Document: Decodable {
            struct Reply: Decodable {
                let sequence: Int
                let rttMs: Double
            }
            let replies: [Reply]
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) else { return nil }
        for reply in document.replies where rttMs[reply.sequence] == nil { rttMs[reply.sequence] = reply.rttMs }
    }

    /// What `mtr --raw` says: `p HOP MICROSECONDS NUMBER`, the number being that of the echo request.
    init(mtr text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "p", let rtt = Double(words[2]), let number = Int(words[3]) else {
                continue
            }
            rttMs[number] = rtt / 1000
        }
    }
}
