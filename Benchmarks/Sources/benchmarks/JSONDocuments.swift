import BenchmarkKit
import Foundation
import TraceCore

extension Benchmark {
    static var json: [Benchmark] {
        [
            lines("json-event-reply") { try PathOfFifteenHops.reply(in: $0) },
            lines("json-event-sent") {
                try PathOfFifteenHops.event(in: $0) { if case .sent = $0 { true } else { false } }
            },
            lines("json-event-started") {
                try PathOfFifteenHops.event(in: $0) { if case .started = $0 { true } else { false } }
            },
            Benchmark("json-event-reply-JSONEncoder", setup: { try await reply() }) { event, iterations in
                let encoder = JSONEncoder()
                for _ in 0..<iterations { keep(try encoder.encode(event)) }
            },
            Benchmark("json-event-reply-decode", setup: { try JSON.encode(try await reply()) }) {
                line, iterations in
                for _ in 0..<iterations { keep(try JSON.decode(ProbeEvent.self, from: line)) }
            },
            Benchmark(
                "json-event-reply-decode-JSONDecoder", setup: { Data(try JSON.encode(try await reply())) }
            ) {
                line, iterations in
                let decoder = JSONDecoder()
                for _ in 0..<iterations { keep(try decoder.decode(ProbeEvent.self, from: line)) }
            },
            Benchmark(
                "json-report-trace", setup: { try TraceReport.Fold.replay(try await PathOfFifteenHops.events()) }
            ) {
                trace, iterations in
                for _ in 0..<iterations { keep(try JSON.encode(trace)) }
            },
        ]
    }

    private static func reply() async throws -> ProbeEvent {
        try PathOfFifteenHops.reply(in: try await PathOfFifteenHops.events())
    }

    /// A case that writes one event again and again as a line, into a buffer that is emptied now and then.
    private static func lines(
        _ name: String, choose: @escaping ([ProbeEvent]) throws -> ProbeEvent
    ) -> Benchmark {
        Benchmark(name, setup: { try choose(try await PathOfFifteenHops.events()) }) { event, iterations in
            let writer = JSON.Lines()
            for index in 0..<iterations {
                try writer.write(event)
                if index & 63 == 63 { writer.removeAll() }
            }
        }
    }
}
