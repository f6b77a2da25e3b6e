package import TraceCore
package import TraceCoreFleet
package import TraceCorePathStore
package import TraceCoreReceivers
package import TraceCoreServer

/// What is watched, what is wrong with it when, who is told, and what is kept: the file of the daemon.
package struct WatchSettings: Sendable {
    /// A path that is watched.
    package struct Target: Sendable, Hashable {
        /// Its name, by which it is known.
        package var name: String
        /// Its name without the place that it is watched from.
        package var title: String
        /// The host at its end.
        package var host: String
        /// How it is watched.
        package var request: RunRequest
        /// From where: the name of a vantage point, or nil for here.
        package var from: String?
        /// What rules and silences find it by.
        package var labels: [String: String]
        /// The labels that a vantage point has that watches it; all do where there are none.
        package var agents: [String: String] = [:]

        /// Its labels as the store has them: also from where it is watched and, under a name that no label can have, its title.
        var keptLabels: [String: String] {
            var all = labels
            if let from { all["from"] = from }
            if title != name { all[FleetPath.titleLabel] = title }
            return all
        }

        /// Its labels, with those that every target has.
        var allLabels: [String: String] {
            var all = labels
            all["target"] = name
            all["host"] = host
            if let from { all["from"] = from }
            return all
        }
    }

    /// When something is wrong.
    package struct Rule: Sendable, Hashable {
        /// What it looks for.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The target does not answer.
            case lost
            /// More is lost than before; with `limit`, more than that share in `window` rounds.
            case loss
            /// The path has become much slower than it was.
            case slower
            /// The end of the path is slower than `limit`.
            case slow
            /// A hop is slower than `limit`.
            case slowHop = "slow-hop"
            /// A hop is slower than in the round before by more than `limit`.
            case slowerHop = "slower-hop"
            /// Other routers answer.
            case path
            /// The target is nearer or farther.
            case hops
            /// The name of the host leads to another address.
            case address

            /// Whether it is something that happens, and not something that lasts.
            package var isEvent: Bool { [.path, .hops, .address, .slowerHop].contains(self) }
        }

        package var name: String
        package var kind: Kind
        package var limit: Duration?
        /// The share of probes that may be lost, in percent.
        package var lossLimit: Double?
        /// After how many rounds in a row it is wrong, and right again; nil where statistics decide.
        package var failures: Int?
        package var successes: Int
        package var sendsResolved: Bool
        package var reminder: Duration?
        package var severity: String
        package var labels: [String: String]
        /// The labels that a target must have; its name, host and place are labels, too.
        package var targets: [String: String]
        /// The names of those who are told; all where none is named.
        package var receivers: [String]

        /// Whether it is about a target.
        package func fits(_ target: Target) -> Bool {
            targets.allSatisfy { name, value in
                switch name {
                case "target": target.name == value
                case "host": target.host == value
                case "from": target.from ?? "here" == value
                default: target.labels[name] == value
                }
            }
        }
    }

    /// A vantage point of many that have these settings.
    package struct Agent: Sendable, Hashable {
        package var name: String
        /// Where others find it.
        package var host: String?
        package var labels: [String: String]
        /// How others watch it.
        var request: RunRequest?
    }

    package var targets: [Target] = []
    package var rules: [Rule] = []
    package var receivers: [Receiver] = []
    /// The store; nil for memory alone.
    package var store: String?
    package var retention = PathStore.Retention()
    /// The files that say where addresses are.
    package var databases: [String] = []
    package var listen: [Endpoint] = []
    package var network: String?
    /// How much of a past is invented on a simulated network, for an empty store.
    package var history: Duration?
    package var vantagePoints: String?
    package var title = "Paths"
    package var externalURL: String?
    package var probesPerSecond = 20_000
    /// The name of this vantage point.
    package var name: String?
    /// All vantage points that have these settings.
    package var agents: [Agent] = []
    /// Whether they watch each other.
    package var isMesh = false
    /// The UDP port at which they count each other's packets.
    package var meshPort: UInt16 = 8_620
    /// The file with the key that they share.
    package var meshKeyFile: String?
    /// Where everything is sent on to.
    package var ship: Shipper.Settings?
    /// How long a decision waits for others that may have the same cause.
    package var groupWait = Duration.seconds(10)

    /// The settings that differ from others and are read at a start only.
    package func readAtStart(otherThan old: WatchSettings) -> [String] {
        let differs: [(name: String, isOther: Bool)] = [
            ("store", store != old.store), ("keep", retention != old.retention),
            ("listen", listen.map(\.description) != old.listen.map(\.description)),
            ("network", network != old.network), ("name", name != old.name), ("ship", ship != old.ship),
            ("mesh-port", meshPort != old.meshPort), ("mesh-key-file", meshKeyFile != old.meshKeyFile),
            ("probes-per-second", probesPerSecond != old.probesPerSecond),
        ]
        return differs.filter(\.isOther).map(\.name)
    }
}
