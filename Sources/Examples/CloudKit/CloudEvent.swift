package import GeoKit
package import TraceCore

/// How an endpoint is asked.
package enum CloudMethod: String, Sendable, Hashable, Codable, CaseIterable {
    case icmp
    case tcp443 = "tcp/443"
    case tcp80 = "tcp/80"

    var transport: ProbeTransport {
        switch self {
        case .icmp: .icmp
        case .tcp443: .tcp(port: 443)
        case .tcp80: .tcp(port: 80)
        }
    }
}

/// What happens in a benchmark. Reports, pages and lines are made of these and of nothing else.
package struct CloudEvent: Sendable, Codable {
    /// The parts of a run, in their order.
    package enum Step: String, Sendable, Hashable, Codable, CaseIterable {
        case resolving, looking, measuring, tracing

        /// What the run does, for a log.
        var words: String {
            switch self {
            case .resolving: "looks names up"
            case .looking: "finds out how hosts answer"
            case .measuring: "measures"
            case .tracing: "traces the ways of the best"
            }
        }
    }

    /// Why nothing can be said of a region.
    package enum Obstacle: String, Sendable, Hashable, Codable {
        /// No host is known for it.
        case noHost
        /// Its host's name leads nowhere.
        case unresolved
        /// Its host is inside, where no cloud is.
        case refused
        /// Nothing answers there.
        case silent
    }

    package enum Fact: Sendable {
        case began(CloudRun.Description)
        case step(Step)
        /// The address of a region's host, of so many.
        case resolved(id: String, IPAddress, of: Int)
        case obstacle(id: String, Obstacle, reason: String)
        case method(id: String, CloudMethod)
        /// A round trip, or nil for a packet that was lost.
        case round(id: String, Duration?)
        case traced(id: String, LocatedTrace)
        /// The end; the reason where it was not all done.
        case ended(String?)
    }

    /// Since the run began.
    package let at: Duration
    /// The vantage point where it happened; nil for this machine.
    package let from: String?
    package let fact: Fact

    package init(at: Duration, from: String? = nil, _ fact: Fact) {
        (self.at, self.from, self.fact) = (at, from, fact)
    }
}

extension CloudEvent {
    private enum Key: String, CodingKey {
        case at = "atMs"
        case from, kind, run, step, id, address, of, obstacle, reason, method
        case rtt = "rttMs"
        case path
    }

    private enum Kind: String, Codable { case began, step, resolved, obstacle, method, round, traced, ended }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        at = try container.decodeMilliseconds(forKey: .at)
        from = try container.decodeIfPresent(String.self, forKey: .from)
        func id() throws -> String { try container.decode(String.self, forKey: .id) }
        fact =
            switch try container.decode(Kind.self, forKey: .kind) {
            case .began: .began(try container.decode(CloudRun.Description.self, forKey: .run))
            case .step: .step(try container.decode(Step.self, forKey: .step))
            case .resolved:
                .resolved(
                    id: try id(), try container.decode(IPAddress.self, forKey: .address),
                    of: try container.decode(Int.self, forKey: .of))
            case .obstacle:
                .obstacle(
                    id: try id(), try container.decode(Obstacle.self, forKey: .obstacle),
                    reason: try container.decode(String.self, forKey: .reason))
            case .method: .method(id: try id(), try container.decode(CloudMethod.self, forKey: .method))
            case .round:
                .round(
                    id: try id(),
                    container.contains(.rtt) ? try container.decodeMilliseconds(forKey: .rtt) : nil)
            case .traced: .traced(id: try id(), try container.decode(LocatedTrace.self, forKey: .path))
            case .ended: .ended(try container.decodeIfPresent(String.self, forKey: .reason))
            }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(milliseconds: at, forKey: .at)
        try container.encodeIfPresent(from, forKey: .from)
        func write(_ kind: Kind, _ id: String? = nil) throws {
            try container.encode(kind, forKey: .kind)
            try container.encodeIfPresent(id, forKey: .id)
        }
        switch fact {
        case .began(let run):
            try write(.began)
            try container.encode(run, forKey: .run)
        case .step(let step):
            try write(.step)
            try container.encode(step, forKey: .step)
        case .resolved(let id, let address, let count):
            try write(.resolved, id)
            try container.encode(address, forKey: .address)
            try container.encode(count, forKey: .of)
        case .obstacle(let id, let obstacle, let reason):
            try write(.obstacle, id)
            try container.encode(obstacle, forKey: .obstacle)
            try container.encode(reason, forKey: .reason)
        case .method(let id, let method):
            try write(.method, id)
            try container.encode(method, forKey: .method)
        case .round(let id, let rtt):
            try write(.round, id)
            if let rtt { try container.encode(milliseconds: rtt, forKey: .rtt) }
        case .traced(let id, let path):
            try write(.traced, id)
            try container.encode(path, forKey: .path)
        case .ended(let reason):
            try write(.ended)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }
}
