extension FpingOutput {
    /// What is shown of a sweep in the style of fping, as text or as JSON.
    public struct Style: Sendable, Hashable {
        /// The subject of the lines.
        public enum Content: Sendable, Hashable {
            /// Whether each target is alive, one line each.
            case targets
            /// Each answer, and at the end the sums of each target (`-c`, `-l`).
            case answers
            /// Each answer, and at the end all round trips of each target (`-C`).
            case values
        }

        /// The targets that are listed.
        public enum Listing: Sendable, Hashable {
            /// All targets, each with "is alive" or "is unreachable".
            case all
            /// Only the names of targets that are alive (`-a`).
            case alive
            /// Only the names of targets that are not (`-u`).
            case unreachable
        }

        /// The names of targets in lines.
        public enum Naming: Sendable, Hashable {
            /// Their known names, one line for each, or the address if there is none.
            case name
            /// The address (`-A`).
            case address
            /// A name followed by the address (`-A` with `-n` or `-d`).
            case both
        }

        /// The subject of the lines.
        public var content: Content
        /// The targets that are listed.
        public var listing: Listing
        /// The names of targets in lines.
        public var naming: Naming
        /// Whether lines are JSON objects, as in fping 5.5.
        public var isJSON: Bool
        /// Whether lines about single targets and answers are left out (`-q`).
        public var isQuiet: Bool
        /// Whether the round trip follows a target that is alive (`-e`).
        public var showsRoundTrips: Bool
        /// Whether lines about answers begin with the wall-clock time (`-D`).
        public var showsTimes: Bool
        /// Whether the run ends with its statistics (`-s`).
        public var showsStatistics: Bool
        /// The time after which the sums since the last ones are shown again and again, or nil for never (`-Q`).
        public var interimInterval: Duration?
        /// The time between two probes to a target, if sums tell for how long there was no answer (`-o`); or nil.
        public var outagePeriod: Duration?
        /// Whether sums on the way are what netdata reads (`-N`).
        public var isNetdata: Bool
        /// The width of a target's name in lines about answers, so that their columns align.
        public var nameWidth: Int

        /// A style; by default, a line of text for each target.
        public init(
            content: Content = .targets, listing: Listing = .all, naming: Naming = .name, isJSON: Bool = false,
            isQuiet: Bool = false, showsRoundTrips: Bool = false, showsTimes: Bool = false,
            showsStatistics: Bool = false, interimInterval: Duration? = nil, outagePeriod: Duration? = nil,
            isNetdata: Bool = false, nameWidth: Int = 0
        ) {
            self.content = content
            self.listing = listing
            self.naming = naming
            self.isJSON = isJSON
            self.isQuiet = isQuiet
            self.showsRoundTrips = showsRoundTrips
            self.showsTimes = showsTimes
            self.showsStatistics = showsStatistics
            self.interimInterval = interimInterval
            self.outagePeriod = outagePeriod
            self.isNetdata = isNetdata
            self.nameWidth = nameWidth
        }
    }
}

extension FpingOutput {
    /// Lines of a sweep in the style of fping, as UTF-8: scripts read some from standard output, others from standard
    /// error.
    public struct Lines: Sendable, Hashable {
        /// The lines for standard output.
        public var results: [UInt8] = []
        /// The lines for standard error.
        public var messages: [UInt8] = []

        /// No lines.
        public init() {}

        /// Removes the lines and keeps the storage.
        public mutating func removeAll() {
            results.removeAll(keepingCapacity: true)
            messages.removeAll(keepingCapacity: true)
        }
    }
}
