import Foundation
import Testing
import TraceCore

/// The same path traced by traceroute and by our program: every line is the same but for its times.
@Suite(.onItsOwnThread) struct `What traceroute shows of answers` {
    /// Routers whose answers begin with various TTLs and take ways back of various lengths.
    private static let topology: String = {
        let answers = [
            "", "return-hops=5", "reply-ttl=64", "reply-ttl=32", "reply-ttl=30 return-hops=1",
            "reply-ttl=65 return-hops=1", "reply-ttl=66 return-hops=1", "reply-ttl=128 return-hops=1",
            "reply-ttl=129 return-hops=1", "reply-ttl=130 return-hops=1", "reply-ttl=254 return-hops=1",
            "reply-ttl=100 return-hops=1", "reply-ttl=193 return-hops=1",
        ]
        let routers = answers.enumerated().map { position, answer in
            "router r\(position) 198.51.100.\(position + 1) 2001:db8:1::\(position + 1) \(answer)"
        }
        return """
            vantage here 192.0.2.10 2001:db8::10
            \(routers.joined(separator: "\n"))
            host target 203.0.113.7 2001:db8:7::7 delay=1ms tcp=80
            path target: \(answers.indices.map { "r\($0)" }.joined(separator: " "))
            path default: r0
            """
    }()

    private static func lines(_ program: String, _ options: String, _ family: String) throws -> [String] {
        let laboratory = try Laboratory(topology, needing: "traceroute")
        let outcome = try laboratory.run(
            [], "sh", "-c", "exec \(program) \(family) -n -q 2 -w 60,0,0 \(options) \(Topologies.target(family))")
        #expect(outcome.status == 0, "\(outcome.errors)")
        // A star here is a packet that was lost on this machine: the path loses none.
        #expect(!outcome.output.contains("*"), "\(outcome.packets)")
        return outcome.lines.dropFirst().map { String($0.replacing(#/ [0-9.]+ ms/#, with: "")) }
    }

    @Test(
        arguments: ["--back -I", "--back", "-T -O info", "-T -p 81 -O info", "--back -T -p 81 -O info,info"],
        ["-4", "-6"])
    func `is what trace shows of them`(options: String, family: String) throws {
        let theirs = try Self.lines("traceroute", options.replacing("info,info", with: "info"), family)
        #expect(theirs.count == 14)
        let sign = options.contains("--back") ? "'-7'" : options.contains("81") ? "<rst,ack>" : "<syn,ack>"
        #expect(theirs.joined().contains(sign))
        #expect(try Self.lines(`A probe that never leaves`.trace, options, family) == theirs)
    }
}
