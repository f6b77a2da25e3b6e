/// A path of three links of 1500, 1480 and 1400 bytes, routed by the real kernel between namespaces.
enum RoutedPath {
    /// Builds the network around a command, and takes it down whatever happens.
    static func script(_ command: String, before: String = "") -> String {
        """
        set -e
        p=packets-$$
        trap 'for n in r1 r2 t; do ip netns del $p-$n 2>/dev/null || true; done' EXIT
        # An address that is still looked for elsewhere answers nobody.
        echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
        for n in r1 r2 t; do
          ip netns add $p-$n
          ip -n $p-$n link set lo up
          ip netns exec $p-$n sh -c '
            cd /proc/sys/net
            echo 0 >ipv6/conf/default/accept_dad
            echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding
            echo 0 >ipv4/icmp_ratelimit; echo 0 >ipv6/icmp/ratelimit'
        done
        ip link set lo up
        end() { $1 addr add 10.77.$3.$4/24 dev $2; $1 addr add fd77:$3::$4/64 dev $2 nodad; $1 link set $2 mtu $5 up; }
        ip link add v1 type veth peer name v2 netns $p-r1
        end ip v1 1 1 1500; end "ip -n $p-r1" v2 1 2 1500
        ip -n $p-r1 link add v3 type veth peer name v4 netns $p-r2
        end "ip -n $p-r1" v3 2 1 1480; end "ip -n $p-r2" v4 2 2 1480
        ip -n $p-r2 link add v5 type veth peer name v6 netns $p-t
        end "ip -n $p-r2" v5 3 1 1400; end "ip -n $p-t" v6 3 2 1400
        ip route add 10.77.0.0/16 via 10.77.1.2; ip -6 route add fd77::/16 via fd77:1::2
        ip -n $p-r1 route add 10.77.3.0/24 via 10.77.2.2; ip -n $p-r1 -6 route add fd77:3::/64 via fd77:2::2
        ip -n $p-r2 route add 10.77.1.0/24 via 10.77.2.1; ip -n $p-r2 -6 route add fd77:1::/64 via fd77:2::1
        ip -n $p-t route add default via 10.77.3.1; ip -n $p-t -6 route add default via fd77:3::1
        \(before)
        \(command)
        """
    }

    static func target(_ family: String) -> String { family == "-4" ? "10.77.3.2" : "fd77:3::2" }

    /// A line that traces the path, by an ordinary user where the options end in `nobody`.
    static func trace(_ command: String, _ options: String, _ family: String) -> String {
        let isNobody = options.hasSuffix(" nobody")
        let user = isNobody ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : ""
        let options = isNobody ? String(options.dropLast(7)) : options
        return "\(user)\(`A probe that never leaves`.trace) \(command) \(options) \(target(family))"
    }
}
