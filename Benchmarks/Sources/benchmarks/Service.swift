import BenchmarkKit
import TraceCore

extension Benchmark {
    /// What a server pays for a request before anything is sent: 10,000 refusals a second may take a tenth of a core.
    static var service: [Benchmark] {
        [
            Benchmark("request-parse", setup: { RunLimits() }) { limits, iterations in
                for _ in 0..<iterations { keep(try RunRequest(parsing: query, limits: limits)) }
            },
            Benchmark(
                "request-refused-full",
                setup: { () -> (ProbeService, RunStream<ProbeEvent>) in
                    let service = ProbeService(
                        policy: .all, quotas: .init(runs: 1), prober: { SimulatedProber($0.transport) })
                    let request = try RunRequest(parsing: query)
                    return (service, try await service.events(for: request, client: "198.51.100.7"))
                }
            ) { state, iterations in
                for _ in 0..<iterations {
                    let request = try RunRequest(parsing: query, limits: state.0.limits)
                    do throws(RequestError) {
                        keep(try await state.0.events(for: request, client: "198.51.100.8"))
                    } catch {
                        keep(error)
                    }
                }
            },
            Benchmark("request-refused-malformed", setup: { RunLimits() }) { limits, iterations in
                for _ in 0..<iterations {
                    do throws(RequestError) {
                        keep(try RunRequest(parsing: wrongQuery, limits: limits))
                    } catch {
                        keep(error)
                    }
                }
            },
            // The same run, read in the same way, without a service and through one.
            Benchmark(
                "trace-15-hops-streamed", setup: { SimulatedProber(.udp, try await PathOfFifteenHops.internet()) }
            ) { prober, iterations in
                let tracer = PathTracer(prober, options: RunOptions(names: false))
                for _ in 0..<iterations { try await read(tracer.events(for: PathOfFifteenHops.host)) }
            },
            Benchmark(
                "trace-15-hops-served",
                setup: {
                    let prober = SimulatedProber(.udp, try await PathOfFifteenHops.internet())
                    return ProbeService(
                        policy: .all, quotas: .init(probesPerSecond: nil), observer: { keep($0) },
                        prober: { _ in prober })
                }
            ) { service, iterations in
                let request = RunRequest("\(PathOfFifteenHops.host)", .trace(TraceSettings()), by: .udp, names: false)
                for _ in 0..<iterations { try await read(service.events(for: request, client: "198.51.100.7")) }
            },
            Benchmark("policy-public-v6", setup: { IPAddress("2001:4860:4860::8888") }) { address, iterations in
                guard let address else { return }
                for _ in 0..<iterations { keep(TargetPolicy.publicOnly.allows(address)) }
            },
        ]
    }

    private static func read(_ stream: RunStream<ProbeEvent>) async throws {
        var count = 0
        for try await batch in stream.batches { count += batch.count }
        guard count > 60 else { throw PathOfFifteenHops.WrongResult(description: "\(count) events") }
    }

    private static let query = [
        (key: "verb", value: "ping"), (key: "target", value: "tokyo.example"), (key: "count", value: "4"),
        (key: "interval", value: "500ms"), (key: "family", value: "ipv4"),
    ]
    private static let wrongQuery = [
        (key: "verb", value: "ping"), (key: "target", value: "tokyo.example"), (key: "cuont", value: "4"),
    ]
}
