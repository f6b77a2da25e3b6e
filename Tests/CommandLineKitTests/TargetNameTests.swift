import TraceCoreCommandLine
import Testing
import TraceCore

@Suite struct `A target as a person named it` {
    private func target(_ text: String) async throws -> ProbeTarget {
        try await TargetName(text).probeTarget(using: NumericResolver(), family: nil)
    }

    @Test func `keeps the interface that it was given by`() async throws {
        let target = try await target("fe80::1%lo")
        #expect(target.name == "fe80::1%lo")
        #expect(target.address.zone != 0 && "\(target.address)" == "fe80::1%\(target.address.zone)")
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "fe80::1%1"])
    func `has no name where it was an address`(_ text: String) async throws {
        let target = try await target(text)
        #expect(target.name == nil && "\(target.address)" == text)
    }

    @Test(arguments: [
        ("127.1", "127.0.0.1"), ("0", "127.0.0.1"), ("1.1", "1.0.0.1"), ("10.1.258", "10.1.1.2"),
        ("2130706433", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"),
    ])
    func `may be a short address`(_ text: String, _ address: String) async throws {
        #expect("\(try await target(text).address)" == address)
    }

    @Test(arguments: ["010.0.0.1", "1.256.1", "4294967296", "1..1", "1.2.3.4.5", "127.1.", ".1", "1.-1", "1.2.3.256"])
    func `is no short address where that is not clear`(_ text: String) async {
        await #expect(throws: ProbeError.self) { try await target(text) }
    }

    @Test(arguments: [
        ("https://a.example/b?c#d", "a.example"), ("http://u:p@a.example:80", "a.example"),
        ("ftp://[2001:db8::1]:21/x", "2001:db8::1"), ("http://192.0.2.1", "192.0.2.1"), ("a.example", "a.example"),
        ("http://", "http://"), ("://a.example", "://a.example"), ("a.example/24", "a.example/24"),
    ])
    func `may be a URL, of which the host counts`(_ text: String, _ host: String) {
        #expect(TargetName(text).text == host)
    }
}
