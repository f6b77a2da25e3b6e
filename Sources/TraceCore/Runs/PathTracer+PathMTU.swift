extension PathTracer {
    /// Finds how large packets to a host may be, and where on the path that is decided.
    ///
    /// Packets are sent that must not be cut. Routers that say what fits are believed as far as it proves true; where
    /// nobody says anything the size is searched for. The round trip counts: a target that answers an echo request does so
    /// with as large a packet.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the path.
    ///   - settings: How sizes are tried, or nil for the usual way, with the tracer's own settings for the path.
    /// - Throws: What kept the run from beginning; `unsupported` for a prober whose packets have no size.
    public func pathMTU(
        to target: some ProbeTargetConvertible, settings: PathMTUSettings? = nil
    ) async throws(ProbeError) -> PathMTUReport {
        var fold = PathMTUFold()
        try await runPathMTU(target, settings, batch: 64) { events in fold.take(&events) }
        return try fold.finished()
    }

    /// Finds how large packets to a host may be, and tells everything as it happens.
    ///
    /// - Parameters:
    ///   - target: The host at the end of the path.
    ///   - settings: How sizes are tried, or nil for the usual way, with the tracer's own settings for the path.
    public func pathMTUEvents(
        for target: some ProbeTargetConvertible, settings: PathMTUSettings? = nil
    ) -> RunEvents {
        RunEvents { sink throws(ProbeError) in try await runPathMTU(target, settings, sink: sink) }
    }

    private func runPathMTU(
        _ target: some ProbeTargetConvertible, _ settings: PathMTUSettings?, batch: Int = 1,
        sink: (inout [ProbeEvent]) async -> Void
    ) async throws(ProbeError) {
        let settings = settings ?? PathMTUSettings(trace: self.settings)
        try settings.validate()
        let target = try await target.probeTarget(using: prober.resolver, family: options.family)
        let trace = settings.trace
        var run = try await prober.begin(
            PathMTUReport.verb, target: target, window: settings.window, wait: trace.patience.max, payloadSize: nil,
            variesSize: true, options: options,
            parameters: RunParameters(
                firstTTL: Int(trace.firstTTL), maxTTL: Int(trace.maxTTL), queries: trace.queries,
                gapLimit: trace.gapLimit > 0 ? trace.gapLimit : nil))
        run.description.parameters.packetSize = Int(settings.largest)
        do throws(ProbeError) {
            guard let headerSize = run.description.parameters.headerSize else {
                throw ProbeError(
                    .unsupported, "This prober cannot send packets of any size, so it finds no MTU",
                    remedy: "Ask by UDP or ICMP")
            }
            let plan = try PathMTUPlan(target: target.address, settings: settings, headerSize: headerSize)
            await run.drive(plan, batch: batch, sink: sink)
        } catch {
            run.channel.close()
            throw error
        }
    }
}
