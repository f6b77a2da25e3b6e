import Foundation
import Testing
import TraceCore

/// Eight hops of real kernels, of which the second lets only so many echo requests through.
@Suite struct `A path with a policer` {
    private static let mtr = Laboratory.products.appendingPathComponent("mtr").path
    private static let target = "10.78.8.2"

    /// Builds the path around a command, and takes it down whatever happens. Routers answer as often as they are asked.
    private static func script(_ command: String, limit: String) -> String {
        """
        set -e
        p=policed-$$
        trap 'for n in 1 2 3 4 5 6 7 8; do ip netns del $p-$n 2>/dev/null || true; done' EXIT
        ip link set lo up
        for n in 1 2 3 4 5 6 7 8; do
          ip netns add $p-$n
          ip -n $p-$n link set lo up
          ip netns exec $p-$n sh -c 'cd /proc/sys/net/ipv4; echo 1 >ip_forward; echo 0 >icmp_ratelimit
            echo 1000000 >icmp_msgs_per_sec; echo 1000000 >icmp_msgs_burst'
        done
        ip link add a1 type veth peer name b1 netns $p-1
        ip addr add 10.78.1.1/24 dev a1; ip link set a1 up
        ip route add 10.78.0.0/16 via 10.78.1.2
        for n in 1 2 3 4 5 6 7 8; do
          ip -n $p-$n addr add 10.78.$n.2/24 dev b$n; ip -n $p-$n link set b$n up
          if [ $n -gt 1 ]; then ip -n $p-$n route add 10.78.1.0/24 via 10.78.$n.1; fi
          if [ $n -lt 8 ]; then
            m=$((n + 1))
            ip -n $p-$n link add a$m type veth peer name b$m netns $p-$m
            ip -n $p-$n addr add 10.78.$m.1/24 dev a$m; ip -n $p-$n link set a$m up
            if [ $n -lt 7 ]; then ip -n $p-$n route add \(target)/32 via 10.78.$m.2; fi
          fi
        done
        ip netns exec $p-2 nft add table ip t
        ip netns exec $p-2 nft 'add chain ip t f { type filter hook forward priority 0; }'
        ip netns exec $p-2 nft add rule ip t f icmp type echo-request limit rate over \(limit) drop
        \(command)
        """
    }

    /// The loss of each hop of mtr's report, in percent.
    private func losses(_ lines: some Sequence<Substring>) -> [Int: Double] {
        var losses: [Int: Double] = [:]
        for line in lines {
            guard let match = line.firstMatch(of: /^ *(\d+)\.\S* +(\S+) +(\d+\.\d)%/), let ttl = Int(match.1) else {
                continue
            }
            losses[ttl] = Double(match.3)
        }
        return losses
    }

    @Test(arguments: [("20/second burst 5 packets", 60, "0.25"), ("5/second burst 5 packets", 30, "1")])
    func `loses behind it and not at one hop, and the target stands where it is`(
        _ limit: String, _ rounds: Int, _ interval: String
    ) throws {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "nft", "mtr")
        let options = "-r -n -c \(rounds) -i \(interval) \(Self.target)"
        let outcome = try laboratory.run(
            [], "sh", "-c", Self.script("\(Self.mtr) \(options); echo ---; mtr \(options)", limit: limit))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let parts = outcome.output.split(separator: "---\n").map { $0.split(separator: "\n") }
        try #require(parts.count == 2, "\(outcome.output)")
        let (ours, theirs) = (losses(parts[0]), losses(parts[1]))
        #expect(ours.keys.sorted() == Array(1...8) && ours.keys.sorted() == theirs.keys.sorted(), "\(outcome.output)")
        #expect(!parts[0].contains { $0.contains("No loss of the path") }, "\(outcome.output)")
        // The policer lets all pass that goes no farther, and takes as much from each hop behind it.
        #expect(ours[1] == 0 && ours[2] == 0, "\(outcome.output)")
        let behind = (3...8).compactMap { ours[$0] }
        #expect(behind.count == 6 && behind.allSatisfy { $0 > 0 && $0 < 50 }, "\(outcome.output)")
        // mtr asks in the order of the hops, and the far ones lose most.
        let most = try #require((3...8).compactMap { theirs[$0] }.max())
        #expect(behind.reduce(0, +) / 6 <= most, "\(outcome.output)")
    }
}
