import Foundation
import Testing

@Suite(.onItsOwnThread) struct `A program that is asked to end` {
    private static let runs: [(program: String, arguments: [String], last: String)] = [
        ("ping", ["tokyo.example"], "rtt min/avg/max/mdev = "),
        ("ping", ["--ndjson", "tokyo.example"], "\"event\":\"ended\""),
        ("trace", ["--real-time", "-z", "1", "--ndjson", "tokyo.example"], "\"reason\":\"cancelled\""),
        ("trace", ["--real-time", "-z", "1", "--mtu", "--ndjson", "tokyo.example"], "\"reason\":\"cancelled\""),
        (
            "trace", ["--real-time", "-z", "1", "--ndjson", "tokyo.example", "london.example"],
            "\"reason\":\"cancelled\""
        ),
        ("mtr", ["-r", "--ndjson", "tokyo.example"], "\"reason\":\"cancelled\""),
        ("sweep", ["-l", "--ndjson", "tokyo.example"], "\"reason\":\"cancelled\""),
    ]

    @Test(arguments: runs) func `says what it knows, and by its exit code who wanted the end`(
        _ program: String, _ arguments: [String], _ last: String
    ) throws {
        // The first lines come before anything was answered; a figure of ping's summary needs an answer.
        let sign = last.hasPrefix("rtt") ? "icmp_seq=1 " : "\n"
        let arguments = ["--network", "demo"] + arguments
        let terminated = try Program(name: program).run(arguments, until: sign, SIGTERM)
        #expect(terminated.status == 143)
        #expect(terminated.output.contains(last), "\(terminated.output)")
        let interrupted = try Program(name: program).run(arguments, until: sign, SIGINT)
        #expect(interrupted.status == 0 || interrupted.status == 1)
        #expect(interrupted.output.contains(last), "\(interrupted.output)")
    }
}
