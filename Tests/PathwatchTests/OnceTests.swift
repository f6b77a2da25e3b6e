import Foundation
import Testing
import TraceCore

@testable import TraceCoreHTTP

@Suite(.serialized) struct `pathwatch once` {
    private let watch: Pathwatch

    init() throws { watch = try Pathwatch() }

    @Test func `prints the older script's report`() async throws {
        let before = Date().timeIntervalSince1970 * 1_000
        let result = try await watch("once", "--network", "demo", "tokyo.example")
        let after = Date().timeIntervalSince1970 * 1_000
        #expect(result.status == 0 && result.errors.isEmpty)
        let report = try result.json()
        #expect(report.members.map(\.name) == ["ifaces", "hops", "probe_start", "probe_end", "routes"])

        let hops = try #require(report["hops"]).members
        #expect(hops.map(\.name) == ["1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "12"])
        for hop in hops {
            for answer in hop.value.values {
                #expect(try #require(answer["rtt"]?.text).wholeMatch(of: /\d+\.\d{3} ms/) != nil)
                #expect(answer["ip_address"]?.text.flatMap { IPAddress($0) } != nil)
                #expect(answer["hostname"]?.text?.isEmpty == false)
            }
        }
        let last = try #require(hops.last).value.values
        #expect(last.count == 1)
        #expect(last[0].members.map(\.name) == ["rtt", "hostname", "ip_address", "latitude", "longitude"])
        #expect(last[0]["hostname"]?.text == "tokyo.example")
        #expect(last[0]["ip_address"]?.text == "203.0.113.110")
        #expect(last[0]["latitude"]?.number == 35.68 && last[0]["longitude"]?.number == 139.69)
        // Nobody knows where a router at home is.
        #expect(hops[0].value.values[0].members.map(\.name) == ["rtt", "hostname", "ip_address"])

        let start = try #require(report["probe_start"]?.number)
        let end = try #require(report["probe_end"]?.number)
        #expect(before <= start + 1 && start <= end && end <= after + 1)

        let interfaces = try #require(report["ifaces"]).values
        #expect(interfaces.allSatisfy { $0.members.count == 1 })
        let loopback = try #require(interfaces.lazy.compactMap { $0["lo"] }.first)
        #expect(loopback["ip_address"]?.text == "127.0.0.1" && loopback["mac"]?.text == "00:00:00:00:00:00")
        for route in try #require(report["routes"]).values.flatMap(\.members) {
            #expect(["AF_INET", "AF_INET6"].contains(route.name))
            #expect(Set(route.value.members.map(\.name)) == ["interface", "default", "ip_address"])
        }
    }

    @Test func `shows several answers of one hop as several entries`() async throws {
        let report = try await watch("once", "--network", "demo", "singapore.example").json()
        let counts = try #require(report["hops"]).members.map(\.value.values.count)
        #expect(counts.allSatisfy { $0 >= 1 })
    }

    @Test(arguments: [
        ["--ip_address", "tokyo.example", "--no_geo"], ["--ip-address", "tokyo.example", "--no-geo"],
        ["-i", "tokyo.example", "-n", "-s", "30"], ["tokyo.example", "--no_geo", "--country", "LO", "--timeout", "30"],
        ["tokyo.example", "-n", "-c", "LO", "-j", "none.json"],
        ["tokyo.example", "-n", "--max_latency", "5", "--hop-time-diff=7ms", "--hop_time_diff", "8"],
    ]) func `takes the older script's options, with either dash`(_ arguments: [String]) async throws {
        let result = try await watch.run(["once", "--network", "demo"] + arguments)
        #expect(result.status == 0)
        #expect(arguments.contains("--max_latency") != result.errors.isEmpty)
        #expect(result.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("pathwatch once: tokyo.example: hop ") })
        let hops = try #require(try result.json()["hops"]).members
        #expect(hops.last?.name == "12")
        #expect(!result.output.contains("latitude"))
    }

    @Test func `makes a list of several hosts, in their order`() async throws {
        let result = try await watch(
            "once", "--network", "demo", "frankfurt.example", "nosuch.example", "tokyo.example", "-i", "london.example")
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("pathwatch once: nosuch.example: "))
        let names = try result.json().values.map { report in
            report["hops"]?.members.last?.value.values.first?["hostname"]?.text
        }
        #expect(names == ["london.example", "frankfurt.example", nil, "tokyo.example"])
    }

    @Test(arguments: ["dead.example", "prohibited.example"])
    func `holds a host that does not answer for a result`(_ host: String) async throws {
        let result = try await watch("once", "--network", "demo", host)
        #expect(result.status == 0)
        #expect(try result.json()["hops"]?.members.isEmpty == false)
    }

    /// Arguments, and what is said of them.
    @Test(arguments: [
        ([], "a host is wanted"),
        (["--", "-rf"], "no part of a name begins or ends with a hyphen"),
        (["a b"], "is not the name or address of a host"),
        (["a\nb"], "is not the name or address of a host"),
        (["<img onerror=alert(1)>.example"], "is not the name or address of a host"),
        (["$(reboot).example"], "cannot be in a name"),
        ([String(repeating: "a", count: 300)], "at most 255 letters"),
        (["--country", "US", "192.0.2.1"], "cannot read \"sources.json\": there is no such file"),
        (["--webhook", "ftp://a.example", "b.example"], "an address is https:// or http://"),
        (["--webhook", "https://me:secret@a.example", "b.example"], "has no user and password"),
        (["--max_latency", "soon", "a.example"], "is not a time"),
        (["--timeout", "0", "a.example"], "is not a time from 100ms to 1h"),
        (["--geo", "demo", "--no_geo", "a.example"], "--geo and --no_geo cannot be used together"),
        (["--geo", "none.mmdb", "a.example"], "none.mmdb"),
        (["--network", "demo", "--country", "US", "a.example"], "--country has it done elsewhere"),
        (["--icmp", "--port", "5", "a.example"], "ICMP has no ports"),
        (["-4", "-6", "a.example"], "-4 and -6 cannot be used together"),
        (["--store", "/nowhere/runs.db", "--network", "demo", "tokyo.example"], "/nowhere/runs.db"),
        (["--tmp_dir", "/tmp", "a.example"], "unknown option --tmp_dir"),
    ]) func `says what is wrong with its arguments`(_ arguments: [String], _ words: String) async throws {
        let result = try await watch.run(["once"] + arguments)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!result.errors.contains("secret"))
    }

    // MARK: The public address

    @Test(arguments: [("203.0.113.9\n", "203.0.113.9"), (#"{"ip": "2001:db8::9"}"#, "2001:db8::9")])
    func `asks a service for the public address, if one is named`(_ answer: String, _ address: String) async throws {
        let pages = try Pages { _ in HTTPAnswer.page(answer) }
        let result = try await watch(
            "once", "--network", "demo", "--public-address", pages.url + "/ip", "tokyo.example")
        #expect(result.status == 0 && result.errors.isEmpty)
        let report = try result.json()
        #expect(report["pub_ip"]?.text == address)
        #expect(report.members.map(\.name) == ["ifaces", "hops", "probe_start", "probe_end", "pub_ip", "routes"])
        #expect(pages.calls().map(\.target) == ["/ip"])
        await pages.end()
    }

    @Test(arguments: [
        "<b>203.0.113.9</b>", "", "203.0.113.9 203.0.113.10", #"{"ip": 5}"#, String(repeating: "1", count: 5_000),
    ])
    func `leaves out a public address that it does not learn`(_ answer: String) async throws {
        let pages = try Pages { _ in HTTPAnswer.page(answer) }
        let result = try await watch("once", "--network", "demo", "--public-address", pages.url, "tokyo.example")
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("pathwatch once: the public address is not known: "))
        #expect(try result.json()["pub_ip"] == nil)
        await pages.end()
    }
}
