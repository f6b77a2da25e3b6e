import Synchronization

/// A network interface of this machine behind which a simulated internet lies: any tool that sends packets meets it.
///
/// The interface is there from the initialiser on until the value is gone. It needs Linux, root or the capability
/// `CAP_NET_ADMIN`, and is best made in a network namespace of its own, as `simnet` does.
///
/// ```swift
/// let link = try SimulatedLink(.demo)
/// try link.start()
/// // … ping 203.0.113.110 …
/// let counts = try link.stop()
/// ```
public final class SimulatedLink: Sendable {
    /// What the interface is called.
    public let device: String

    private struct Threads: ~Copyable {
        let carrying: TunnelThread
        let recording: TunnelThread?

        consuming func join() {
            carrying.join()
            recording?.join()
        }
    }

    /// How many packets wait for being read: a sweep of a /14, sent all at once.
    private static let queue: Int32 = 262_144

    private let shared: LinkEngine.Shared
    private let network: SimulatedNetwork
    private let hasStarted = Atomic(false)
    private let threads = Lock<Threads?>(nil)

    /// Makes the interface, with the vantage's addresses and the routes to what the topology has.
    ///
    /// - Throws: `notPermitted` without the privilege, `unsupported` where there are no such interfaces, `badSetting`
    ///   for a name that is taken or a vantage that does not exist.
    public init(_ internet: SimulatedInternet, options: SimulatedLink.Options = SimulatedLink.Options())
        throws(ProbeError)
    {
        let vantages = internet.plan.vantages
        let wanted = vantages.firstIndex { options.vantage == nil || $0.name == options.vantage }
        guard let index = wanted else {
            throw ProbeError(
                .badSetting, "The topology has no vantage \"\(UntrustedText(options.vantage ?? ""))\"",
                remedy: "It has \(vantages.map(\.name).joined(separator: ", "))")
        }
        let addresses = vantages[index].addresses
        let device = try TunnelDevice(named: options.device)
        try device.configure(
            TunnelDevice.Setup(
                addresses: [addresses.v4, addresses.v6].compactMap { $0 },
                routes: options.takesDefaultRoute
                    ? LinkRoutes.all(from: addresses) : LinkRoutes.known(internet.plan, from: addresses),
                mtu: Int32(options.mtu), queue: Self.queue))
        self.device = device.name
        shared = try LinkEngine.Shared(device, isExact: options.isExact)
        var network = internet.network(seed: options.seed)
        network.home = index
        self.network = network
    }

    /// Starts to carry packets, on a thread of its own; the simulation's time begins now.
    ///
    /// - Parameter record: Takes what happened to each packet, in batches and on a thread for that alone; the last
    ///   batch comes before `stop` returns.
    /// - Throws: `badSetting` if it was started before, `outOfResources` if no thread can be had.
    public func start(record: (@Sendable ([SimulatedLink.Record]) -> Void)? = nil) throws(ProbeError) {
        guard !hasStarted.exchange(true, ordering: .relaxed) else {
            throw ProbeError(.badSetting, "The link was started before", remedy: "Make another one")
        }
        let recorder: LinkRecorder? = if let record { try LinkRecorder(record) } else { nil }
        try threads.withLock { threads throws(ProbeError) in
            let recording: TunnelThread? = if let recorder { try TunnelThread { recorder.run() } } else { nil }
            do throws(ProbeError) {
                threads = Threads(carrying: try carry(recorder), recording: recording)
            } catch {
                recorder?.finish()
                throw error
            }
        }
    }

    /// Stops carrying packets, and gives what became of them; what is still on its way is lost.
    ///
    /// - Throws: What ended the link before, such as that the interface was deleted.
    @discardableResult public func stop() throws(ProbeError) -> SimulatedLink.Counts {
        if let running = threads.withLock({ $0.take() }) {
            shared.isStopped.store(true, ordering: .relaxed)
            shared.bell.ring()
            running.join()
        }
        return try shared.result.withLock { $0 }.get()
    }

    /// A thread that holds everything but this object, so that dropping the object ends it.
    private func carry(_ recorder: LinkRecorder?) throws(ProbeError) -> TunnelThread {
        // Now, and not when the thread comes to run: a packet may be sent before.
        let origin = TunnelClock.now
        return try TunnelThread { [shared, network] in
            var engine = LinkEngine(shared, network, since: origin, recorder: recorder)
            let result = engine.run()
            shared.result.withLock { $0 = result }
        }
    }

    deinit { _ = try? stop() }
}

/// Which networks lie behind a link.
enum LinkRoutes {
    /// Everything, in the families that the vantage has.
    static func all(from vantage: AddressPair) -> [IPNetwork] {
        var routes: [IPNetwork] = []
        if vantage.v4 != nil { routes += [IPNetwork(containing: IPAddress(v4: 0), prefixLength: 0)].compactMap { $0 } }
        if vantage.v6 != nil { routes += [IPNetwork(containing: IPAddress(v6: 0), prefixLength: 0)].compactMap { $0 } }
        return routes
    }

    /// The hosts and routers of a topology, and the networks that hosts answer for.
    static func known(_ plan: SimulatedPlan, from vantage: AddressPair) -> [IPNetwork] {
        var routes = Set(plan.destinations.keys.map { IPNetwork($0) })
        for network in plan.networks {
            let length = Int(network.length)
            if let network = IPNetwork(containing: network.address, prefixLength: length) { routes.insert(network) }
        }
        for epoch in plan.epochs {
            for node in epoch.nodes {
                routes.formUnion([node.answersFrom.v4, node.answersFrom.v6].compactMap { $0.map { IPNetwork($0) } })
            }
        }
        return routes.filter { ($0.family == .v4 ? vantage.v4 : vantage.v6) != nil }.sorted()
    }
}
