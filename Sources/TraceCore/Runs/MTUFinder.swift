/// Finds how large packets to a host may be, and where on the path that is decided.
///
/// Packets are sent that must not be cut. Routers that say what fits are believed as far as it proves true; where nobody says
/// anything the size is searched for. The round trip counts: a target that answers an echo request does so with as large a
/// packet.
///
/// ```swift
/// let mtu = try await MTUFinder(prober).report(for: "example.com").mtu
/// ```
public struct MTUFinder: ProbeRunner {
    /// How the finder asks.
    public let prober: any Prober
    /// How sizes are tried.
    public var settings: PathMTUSettings
    /// What all runs have in common.
    public var options: RunOptions

    /// A finder over a prober.
    public init(
        _ prober: some Prober, settings: PathMTUSettings = PathMTUSettings(), options: RunOptions = RunOptions()
    ) {
        self.prober = prober
        self.settings = settings
        self.options = options
    }
}

extension PathMTUSettings: RunSettings {
    /// Makes a ``PathMTUReport``.
    public typealias Fold = PathMTUReport.Fold

    /// A search for the MTU.
    public static var verb: Verb { .mtu }

    /// Room for the window, and packets of any size that are not cut.
    public var needs: ChannelSettings {
        ChannelSettings(capacity: window, timeout: trace.patience.max, variesSize: true)
    }

    /// A plan that looks for the MTU of the path to one target.
    ///
    /// - Throws: `unsupported` where packets have no size.
    public func plan(for target: IPAddress, over facts: ChannelFacts) throws(ProbeError) -> some ProbePlan {
        guard let headerSize = facts.headerSize else {
            throw ProbeError(
                .unsupported, "This prober cannot send packets of any size, so it finds no MTU",
                remedy: "Ask by UDP or ICMP")
        }
        return try PathMTUPlan(target: target, settings: self, headerSize: headerSize)
    }

    /// The settings of the trace, and the largest packet.
    public func parameters(over facts: ChannelFacts) -> RunDescription.Parameters {
        var parameters = trace.parameters(over: facts)
        parameters.headerSize = facts.headerSize
        parameters.packetSize = Int(largest)
        return parameters
    }
}
