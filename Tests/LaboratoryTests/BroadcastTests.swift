import Foundation
import Testing
import TraceCore

/// One probe to all hosts of a network.
@Suite(.onItsOwnThread) struct `A ping to many hosts` {
    private static let ping = `A probe that never leaves`.ping

    /// Runs a command on a bridge with two neighbours that answer to broadcasts.
    private static func outcome(_ command: String, user: Int) throws -> Laboratory.Outcome {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "setpriv")
        let script = """
            p=neighbours-$$
            trap 'for n in 2 3; do ip netns del $p-$n 2>/dev/null || true; done' EXIT
            ip link set lo up
            ip link add br0 type bridge || exit 99
            ip link set br0 up; ip addr add 10.9.0.1/24 dev br0; ip route add 224.0.0.0/4 dev br0
            for n in 2 3; do
              ip netns add $p-$n
              ip link add v$n type veth peer name e netns $p-$n
              ip link set v$n master br0 up
              ip netns exec $p-$n sh -c "echo 0 >/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts
                ip link set lo up; ip addr add 10.9.0.$n/24 dev e; ip link set e up"
            done
            setpriv --reuid \(user) --regid \(user) --clear-groups \(ping) -n \(command)
            """
        let outcome = try laboratory.run(["--ping-group-range", "open"], "sh", "-c", script)
        if outcome.status == 99 { try Test.cancel("this kernel has no bridges") }
        return outcome
    }

    static let ways = ["-b 10.9.0.255", "-b -I br0 255.255.255.255", "224.0.0.1"]

    /// `-w` goes on until so many answers have come, however long the links take to come up.
    @Test(arguments: ways, [0, 65534]) func `hears each of them, and marks none as a duplicate`(
        way: String, user: Int
    ) throws {
        let outcome = try Self.outcome("-c 3 -w 30 \(way)", user: user)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for host in ["10.9.0.2", "10.9.0.3"] {
            #expect(outcome.lines.contains { $0.hasPrefix("64 bytes from \(host): icmp_seq=") }, "\(outcome.output)")
        }
        #expect(outcome.output.contains(" duplicates, "), "\(outcome.output)")
        #expect(!outcome.output.contains("DUP!"), "\(outcome.output)")
    }

    @Test func `marks them if asked for all that there is to say`() throws {
        let outcome = try Self.outcome("-v -c 3 -w 30 -b 10.9.0.255", user: 0)
        #expect(outcome.lines.contains { $0.contains("(DUP!)") }, "\(outcome.output)")
    }

    @Test(arguments: [0, 65534]) func `is refused unless it is meant`(user: Int) throws {
        let outcome = try Self.outcome("-c 1 10.9.0.255", user: user)
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("10.9.0.255 is a broadcast or forbidden address"), "\(outcome.errors)")
        #expect(outcome.errors.contains("ping -b"), "\(outcome.errors)")
    }
}
