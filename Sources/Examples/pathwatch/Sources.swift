import GeoKit
import Foundation
import TraceCore
import TraceCoreCommandLine
import TraceCoreServer
import TraceCoreWatch

/// A store for as long as the program runs.
struct TemporaryStore {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pathwatch-\(UUID().uuidString)")

    var path: String {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appendingPathComponent("paths.db").path
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// Where the events of targets come from: the network, a simulated one, or vantage points.
final class Sources: Sendable {
    private let service: ProbeService
    private let vantages: Lock<[VantagePoint]>

    init(_ settings: WatchSettings, _ topology: String?, observer: @escaping @Sendable (ServiceEvent) -> Void) throws {
        var limits = RunLimits.none
        limits.longest = nil
        let quotas = ProbeService.Quotas(
            probesPerSecond: settings.probesPerSecond, runs: 1_000_000, runsPerClient: 1_000_000,
            runsPerTarget: 1_000_000,
            lookUpsPerSecond: nil)
        vantages = Lock(try Self.vantages(of: settings))
        guard let network = settings.network else {
            service = ProbeService(policy: .all, limits: limits, quotas: quotas, observer: observer)
            return
        }
        let internet = try WatchDemo.internet(topology, name: network, at: .now)
        let options = SimulatedInternet.Options(vantage: settings.vantage(in: internet))
        // One for each method, so that all paths see the same things happen at the same time.
        let probers: [ProbeTransport: SimulatedProber] = Dictionary(
            settings.targets.map { target in
                (
                    target.request.transport,
                    SimulatedProber(target.request.transport, internet, options: options, clock: ContinuousClock())
                )
            }, uniquingKeysWith: { first, _ in first })
        service = ProbeService(policy: .all, limits: limits, quotas: quotas, observer: observer) { request in
            probers[request.transport]
                ?? SimulatedProber(request.transport, internet, options: options, clock: ContinuousClock())
        }
    }

    static func vantages(of settings: WatchSettings) throws -> [VantagePoint] {
        try settings.vantagePoints.map { file in
            try VantagePoint.list(in: file) { Output.error.print("pathwatch: \($0.explanation)") }
        } ?? []
    }

    /// Takes other vantage points, which the next runs are asked of.
    func follow(_ others: [VantagePoint]) { vantages.withLock { $0 = others } }

    func feed(_ target: WatchSettings.Target) async throws -> RunFeed {
        guard let name = target.from else {
            return try await RunFeed(service.events(for: target.request, client: target.name))
        }
        guard let vantage = vantages.withLock({ $0.first { $0.name == name } }) else {
            throw ProbeError(
                .badSetting, "There is no vantage point \(UntrustedText(name).word)",
                remedy: "Name it in the file of vantage-points")
        }
        // Others let nobody watch for ever; one run follows the other.
        var request = target.request
        if case .monitor(var settings) = request.work {
            // Each run is another flow, so it lasts for a while; and what is lost with one is not much.
            settings.rounds = max(10, min(600, Int(Duration.seconds(100) / settings.interval)))
            request.work = .monitor(settings)
        }
        return try await vantage.feed(request, for: nil, within: .seconds(120))
    }
}

/// Whose network an address is in, by databases that can be replaced.
final class Networks: Sendable {
    private let locators: Lock<GeolocatorChain>

    init(_ locators: [any Geolocator]) { self.locators = Lock(GeolocatorChain(locators)) }

    func follow(_ others: [any Geolocator]) { locators.withLock { $0 = GeolocatorChain(others) } }

    func network(of address: IPAddress) -> AutonomousSystem? {
        locators.withLock { $0 }.locate(GeoSubject(address: address)).systems.first
    }
}
