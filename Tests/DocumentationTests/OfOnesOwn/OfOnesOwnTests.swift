import Testing
import TraceCore

/// A prober, a format and a verb that were written beside the library, each in one file, with nothing but what is public.
@Suite struct `Of one's own` {
    @Test func `a prober answers from a table`() async throws {
        #expect(try await useFileProber() == 2)
    }

    @Test func `a format of reports and of events`() async throws {
        let lines = try await prometheusOfDemo()
        #expect(lines.contains { $0.hasPrefix("# TYPE ") })
        #expect(lines.contains { !$0.hasPrefix("#") && $0.contains("tokyo.example") })
        let events = try await prometheusOfEvents()
        #expect(events.live == events.recorded && events.live.contains { $0.contains("tokyo.example") })
    }

    @Test func `a verb, for one target and for many`() async throws {
        let report = try await firstHop()
        #expect(report.run.verb == "first-hop" && report.sent == 3 && report.answered == 3)
        #expect(report.routers.map(\.address) == [IPAddress(192, 0, 2, 1)])
        #expect(report.end?.reason == .completed)
        let many = try await firstHops()
        #expect(many.count == 3 && many.values.allSatisfy { $0.answered == 3 })
    }
}
