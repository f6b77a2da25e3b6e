import Testing

@testable import TraceCore

@Suite struct InboxTests {
    @Test func `answers for which there is no room are counted, and the run's end says so`() async throws {
        let here = IPAddress(127, 0, 0, 1)
        let prober = LiveProber(.udp(port: 9000), options: LiveProber.Options(mode: .unprivileged))
        let opened = try await prober.open(ChannelSettings(target: here, capacity: 16))
        defer { opened.close() }
        let channel = try #require(opened as? LiveChannel)
        let reply = ProbeReply(from: here, rtt: .milliseconds(1), kind: .portUnreachable)
        for number in 0..<5000 { _ = channel.deliver(reply, to: number, at: 0) }
        #expect(channel.counts.dropped == 5000 - 4096)
        #expect(try await channel.receive(until: .zero).count == 4096)
        _ = channel.deliver(reply, to: 5000, at: 0)
        #expect(channel.counts.dropped == 5000 - 4096)

        #expect(try JSON.text(RunEnd(.completed, dropped: 904)).contains("\"dropped\":904"))
        #expect(try !JSON.text(RunEnd(.completed)).contains("dropped"))
    }
}
