/// The internets of the laboratory.
enum Topologies {
    /// Five hops with labels and an interface, all delays exact: the target is 20 ms away.
    static let labelled = """
        seed 7
        vantage here 192.0.2.10 2001:db8::10
        router gw 192.0.2.1 2001:db8::1 delay=1ms name=gw.lab.example
        router a 198.51.100.1 2001:db8:1::1 delay=2ms name=a.lab.example mpls=24001/0/1 interface=xe-0/0/1 ifindex=7
        router b 198.51.100.5 2001:db8:1::5 delay=1ms name=b.lab.example mpls=24002/3/1,16/0/1
        router c 198.51.100.9 2001:db8:1::9 delay=2ms name=c.lab.example
        host target 203.0.113.7 2001:db8:7::7 delay=4ms name=target.example tcp=80
        path target: gw a b c
        path default: gw
        """

    /// What a trace to the target shows, hop by hop.
    static func hops(_ family: String) -> [String] {
        family == "-4"
            ? ["192.0.2.1", "198.51.100.1", "198.51.100.5", "198.51.100.9", "203.0.113.7"]
            : ["2001:db8::1", "2001:db8:1::1", "2001:db8:1::5", "2001:db8:1::9", "2001:db8:7::7"]
    }

    static func target(_ family: String) -> String { family == "-4" ? "203.0.113.7" : "2001:db8:7::7" }

    /// A network in which every address answers.
    static let crowded = """
        vantage here 192.0.2.10 2001:db8::10
        router gw 192.0.2.1 2001:db8::1 delay=1ms
        host all 10.0.0.0/14 2001:db8:5::/64 delay=2ms
        path all: gw
        """
}
