import Testing
import TraceCore
import TraceCoreHTTP

@testable import TraceCoreReceivers

extension UTCTime {
    static let noon = UTCTime("2026-11-29T12:00:00Z") ?? .epoch
}

extension Alert {
    /// An alert with all that one can have.
    static var sample: Alert {
        var alert = Alert(
            id: "9f3a", rule: "lost", kind: "lost", severity: "critical", startsAt: .noon, notedAt: .noon + .seconds(7),
            labels: ["target": "tokyo", "from": "here", "site.name": "b", "1st": "yes", "empty": ""],
            summary: "tokyo no longer answers")
        alert.details = ["It was 9 hops away.", "\u{1B}[31mred"]
        alert.targets = ["tokyo", "kyoto"]
        alert.change = ChangeReport.Change(
            at: .noon, noticedAt: .noon + .seconds(7), hop: 9, what: .targetBack(outage: .seconds(3)))
        alert.link = "https://watch.example/alerts/9f3a"
        return alert
    }

    func resolved() -> Alert {
        var alert = self
        (alert.state, alert.endsAt, alert.notedAt) = (.resolved, .noon + .seconds(60), .noon + .seconds(61))
        return alert
    }
}

func receiver(_ json: String) throws -> Receiver { try JSON.decode(Receiver.self, from: Array(json.utf8)) }

func json(_ text: String) throws -> JSON.Value { try JSON.Value(parsing: Array(text.utf8)) }

/// Names that lead somewhere, for the time of a test, and how often each was asked for.
final class Names: NameResolver {
    let table: [String: [IPAddress]]
    let asked = Lock<[String]>([])

    init(_ table: [String: [IPAddress]] = [:]) { self.table = table }

    func addresses(of name: String) async throws(ProbeError) -> [IPAddress] {
        asked.withLock { $0.append(name) }
        guard let addresses = table[name] else { throw ProbeError(.unknownHost, "There is no \(name)") }
        return addresses
    }

    func name(of address: IPAddress) async -> UntrustedText? { nil }
    func known(_ address: IPAddress) -> KnownName { .none }
}

/// A server that answers each connection with the same bytes, right or wrong.
struct Scripted {
    let listener: StreamListener
    private let requests = AsyncStream<String>.makeStream()
    private let task: Task<Void, Never>

    /// - Parameter thenWaits: Whether it waits behind the bytes until the client leaves.
    init(_ answer: String, thenWaits: Bool = false, at address: IPAddress = IPAddress(127, 0, 0, 1)) throws {
        let (listener, requests) = (try StreamListener(at: address, port: 0), requests.continuation)
        self.listener = listener
        task = Task {
            while let stream = try? await listener.next()?.stream {
                var request: [UInt8] = []
                while !Self.isWhole(request), let bytes = try? await stream.read(atMost: 65_536), !bytes.isEmpty {
                    request += bytes
                }
                try? await stream.write(Array(answer.utf8))
                if thenWaits { await stream.untilLeft() }
                stream.close()
                requests.yield(String(decoding: request, as: UTF8.self))
            }
        }
    }

    private static func isWhole(_ request: [UInt8]) -> Bool {
        let parts = String(decoding: request, as: UTF8.self).split(separator: "\r\n\r\n", maxSplits: 1)
        let size = parts.first?.firstMatch(of: /Content-Length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
        return parts.count == 2 && parts[1].utf8.count >= size
    }

    var url: String { "http://127.0.0.1:\(listener.port)" }

    /// The next request that was answered, waited for.
    func request() async -> String {
        for await request in requests.stream { return request }
        return ""
    }

    func end() { task.cancel() }
}

/// A client, where there is libcurl.
func newClient() throws -> HTTPClient {
    do throws(HTTPClient.Failure) {
        return try HTTPClient()
    } catch {
        try Test.cancel("\(error)")
    }
}

/// What the operator reads, and what is printed.
final class Lines: Sendable {
    private let lines = Lock<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var text: String { all.joined(separator: "\n") }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A courier at noon, whose pauses do not grow, and whose limit ends no test.
func courier(
    _ http: HTTPClient? = nil, names: Names = Names(), policy: TargetPolicy = .publicOnly,
    limit: Duration = .seconds(3_600),
    printed: Lines = Lines(), log: Lines = Lines()
) -> Courier {
    Courier(
        http: http, resolver: names, policy: policy, limit: limit, chance: { 0 }, now: { .noon },
        print: { printed.add($0) }, log: { log.add($0) })
}
