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
}
