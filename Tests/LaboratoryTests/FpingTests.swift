import Foundation
import Testing
import TraceCore

/// The same hosts asked by fping and by our program. Times and counts differ a little, and everything else is the same.
@Suite(.onItsOwnThread) struct `Sums on the way` {
    static let sweep = Laboratory.products.appendingPathComponent("sweep").path

    private static let topology = """
        vantage here 192.0.2.10
        router gw 192.0.2.1 delay=1ms
        host near 203.0.113.7 delay=4ms
        host dead 203.0.113.8 dead
        path near: gw
        path dead: gw
        """

    /// What a program writes in both streams, with all numbers behind a sign of equality left out, and of the time of day.
    private static func lines(_ program: String, _ options: String) throws -> [String] {
        let laboratory = try Laboratory(topology, needing: "fping")
        let outcome = try laboratory.run(
            [], "sh", "-c", "exec \(program) -c 5 -p 300 -t 100 -Q 0.5 \(options) 203.0.113.7 203.0.113.8 2>&1")
        #expect(outcome.status == 1)
        return outcome.lines.map { line in
            String(line.replacing(/= [0-9.\/%]+/, with: "= N").replacing(/^\[[0-9:]+\]$/, with: "[N:N:N]"))
        }
    }

    /// A chart's latency has no values while nobody has answered; so as a set, and the first ones in their order.
    @Test(arguments: [("", 3), ("-o", 3), ("-q -e", 3), ("-N", 39), ("-N -o", 39)])
    func `look as fping's do`(options: String, first: Int) throws {
        let (ours, theirs) = (try Self.lines(Self.sweep, options), try Self.lines("fping", options))
        #expect(theirs.count > first)
        #expect(ours.prefix(first) == theirs.prefix(first))
        #expect(Set(ours) == Set(theirs))
    }
}
