import Foundation
import Testing

@testable import TraceCore

@Suite struct TargetPolicyTests {
    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "2a00:1450:4001:81b::200e", "192.31.196.1", "223.255.255.255",
        // The identifier of an ISATAP interface with a public address, and one that only looks like it.
        "2a00::5efe:8.8.8.8", "2a00::5eff:10.0.0.1",
    ])
    func `ordinary addresses may be probed for strangers`(text: String) throws {
        #expect(try TargetPolicy.publicOnly.refusal(of: IPAddress(parsing: text)) == nil)
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1",
        "127.255.255.255", "169.254.169.254", "192.0.0.1", "192.0.0.8", "192.0.0.9", "192.0.0.170", "192.0.2.1",
        "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.254", "255.255.255.255",
        "::", "::1", "::2", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8",
        "64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::8.8.8.8", "64:ff9b:1:808:8:800::", "100::1",
        "100:0:0:1::1", "2001::f7f7:f7f7", "2001::80ff:fffe", "2001:1::1", "2001:2::1", "2001:10::1", "2001:20::1",
        "2001:30::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1",
        "fd12:3456::1", "fe80::1", "fe80::1%2", "fec0::1", "ff02::1", "ff0e::1", "2a00::1%1",
        "2a00::5efe:10.0.0.1", "2a00::200:5efe:127.0.0.1", "2a00::200:5efe:169.254.169.254",
    ])
    func `special addresses are refused in every form`(text: String) throws {
        let refusal = try #require(TargetPolicy.publicOnly.refusal(of: IPAddress(parsing: text)))
        #expect(refusal.description.contains("is not probed"))
        #expect(!refusal.place.contains(text))
    }

    @Test func `a refusal says which range it is, and which address of two`() throws {
        func sentence(_ text: String, _ policy: TargetPolicy = .publicOnly) throws -> String? {
            try policy.refusal(of: IPAddress(parsing: text))?.description
        }
        #expect(try sentence("10.1.2.3") == "10.1.2.3 is not probed: it is in a private network (RFC 1918)")
        #expect(
            try sentence("2a00::5efe:10.0.0.1")
                == "2a00::5efe:a00:1 is not probed: it carries 10.0.0.1, which is in a private network (RFC 1918)")
        #expect(try sentence("2a00::1%3") == "2a00::1%3 is not probed: it is on an interface of this machine")
        let own = try IPNetwork(parsing: "198.51.100.0/24")
        #expect(
            try sentence("198.51.100.7", .all.denying(own))
                == "198.51.100.7 is not probed: it is in the denied network 198.51.100.0/24")
        #expect(try sentence("8.8.8.8", .only(own)) == "8.8.8.8 is not probed: it is in none of the allowed networks")
    }

    @Test func `a denied network wins, then an allowed one, then what the policy began with`() throws {
        let (wide, narrow) = (try IPNetwork(parsing: "10.0.0.0/8"), try IPNetwork(parsing: "10.9.0.0/16"))
        let policy = TargetPolicy.publicOnly.allowing(wide).denying(narrow)
        #expect(policy == TargetPolicy.publicOnly.denying(narrow).allowing(wide))
        #expect(policy.allows(IPAddress(10, 8, 0, 1)))
        #expect(!policy.allows(IPAddress(10, 9, 0, 1)))
        #expect(!policy.allows(IPAddress(192, 168, 0, 1)))
        #expect(policy.allows(IPAddress(8, 8, 8, 8)))
        #expect(!TargetPolicy.all.allowing(narrow).denying(wide).allows(IPAddress(10, 9, 0, 1)))
    }

    @Test func `allowing the outer address does not allow the one within`() throws {
        let policy = TargetPolicy.publicOnly.allowing(
            try IPNetwork(parsing: "64:ff9b::/96"), try IPNetwork(parsing: "2002::/16"))
        #expect(policy.allows(try IPAddress(parsing: "64:ff9b::8.8.8.8")))
        #expect(!policy.allows(try IPAddress(parsing: "64:ff9b::10.0.0.1")))
        #expect(!policy.allows(try IPAddress(parsing: "2002:a00:1::1")))
        let inside = policy.allowing(try IPNetwork(parsing: "10.0.0.0/8"))
        #expect(inside.allows(try IPAddress(parsing: "64:ff9b::10.0.0.1")))
        // And the other way round: the address within is allowed, and its form is not.
        #expect(!inside.allows(try IPAddress(parsing: "::ffff:10.0.0.1")))
    }

    @Test func `denying an address denies it in every form`() throws {
        let policy = TargetPolicy.all.denying(try IPNetwork(parsing: "192.0.2.0/24"))
        for text in [
            "192.0.2.1", "::ffff:192.0.2.1", "::192.0.2.1", "64:ff9b::192.0.2.1", "2002:c000:201::1",
            "2001::3fff:fdfe", "2a00::5efe:192.0.2.1", "fe80::200:5efe:192.0.2.1",
        ] { #expect(!policy.allows(try IPAddress(parsing: text)), "\(text)") }
        #expect(policy.allows(try IPAddress(parsing: "::ffff:192.0.3.1")))
    }

    @Test(arguments: [
        // RFC 6052 section 2.4, with 198.51.100.33 and 10.0.0.33.
        ("64:ff9b:1::/48", "64:ff9b:1:c633:64:2100::", "64:ff9b:1:a00:0:2100::"),
        ("64:ff9b:1:100::/56", "64:ff9b:1:1c6:33:6421::", "64:ff9b:1:10a:0:21::"),
        ("64:ff9b:1:122::/64", "64:ff9b:1:122:c6:3364:2100:0", "64:ff9b:1:122:a:0:2100:0"),
        ("64:ff9b:1::/96", "64:ff9b:1::198.51.100.33", "64:ff9b:1::10.0.0.33"),
    ])
    func `the length of a local translation prefix says where the IPv4 address is`(
        prefix: String, documented: String, hidden: String
    ) throws {
        let policy = TargetPolicy.publicOnly.allowing(
            try IPNetwork(parsing: prefix), try IPNetwork(parsing: "198.51.100.0/24"))
        #expect(policy.allows(try IPAddress(parsing: documented)))
        let refusal = try #require(policy.refusal(of: IPAddress(parsing: hidden)))
        #expect(refusal.embedded == IPAddress(10, 0, 0, 33))
    }

    @Test func `all allows all, and an empty list nothing`() throws {
        for text in ["127.0.0.1", "fe80::1%2", "::ffff:10.0.0.1", "255.255.255.255", "8.8.8.8"] {
            #expect(TargetPolicy.all.allows(try IPAddress(parsing: text)))
            #expect(!TargetPolicy.only().allows(try IPAddress(parsing: text)))
        }
    }

    /// What `Tests/Conformance/policy.py` has written: a line for each address, with what Python says of it.
    @Test func `the policy is that of another's tables, but where it says why not`() throws {
        guard let path = ProcessInfo.processInfo.environment["TRACECORE_POLICY_TABLE"] else {
            try Test.cancel("TRACECORE_POLICY_TABLE names no table; run Tests/Conformance/policy.py")
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var wrong: [String] = []
        for line in lines {
            let words = line.split(separator: " ")
            let address = try IPAddress(parsing: String(words[0]))
            let isAllowed = TargetPolicy.publicOnly.allows(address)
            if isAllowed != (words[1] == "allowed") {
                wrong.append("\(line), and here \(isAllowed ? "allowed" : "refused")")
            }
        }
        #expect(lines.count >= 100_000)
        #expect(wrong.isEmpty, "\(wrong.count) differ: \(wrong.prefix(20).joined(separator: "; "))")
    }
}
