extension FpingOutput {
    /// What is shown of a sweep in the manner of fping, and in which of its two forms.
    public struct Style: Sendable, Hashable {
        /// What the lines are about.
        public enum Content: Sendable, Hashable {
            /// Whether each target is alive, a line each.
            case targets
            /// Each answer, and at the end what came of each target in sum (`-c`, `-l`).
            case answers
            /// Each answer, and at the end the round trips of each target one by one (`-C`).
            case values
        }

        /// Which targets a list of them has.
        public enum Listing: Sendable, Hashable {
            /// All, each with a word on whether it is alive.
            case all
            /// Only the names of those that are alive (`-a`).
            case alive
            /// Only the names of those that are not (`-u`).
            case unreachable
        }

        /// How a target is called.
        public enum Naming: Sendable, Hashable {
            /// By the names that are known of it, a line for each, or by its address.
            case name
            /// By its address (`-A`).
            case address
            /// By a name with the address behind it (`-A` with `-n` or `-d`).
            case both
        }

        /// What the lines are about.
        public var content: Content
        /// Which targets are listed.
        public var listing: Listing
        /// How targets are called.
        public var naming: Naming
        /// Whether lines are JSON objects, as fping 5.5 has them.
        public var isJSON: Bool
        /// Whether nothing is told of single targets and answers while the run lasts (`-q`).
        public var isQuiet: Bool
        /// Whether the round trip stands behind a target that is alive (`-e`).
        public var showsRoundTrips: Bool
        /// Whether the wall-clock time stands before the line of an answer (`-D`).
        public var showsTimes: Bool
        /// Whether the run ends with its statistics (`-s`).
        public var showsStatistics: Bool
        /// How many columns a target's name takes in lines about answers, so that they stand below each other.
        public var nameWidth: Int

        /// A style; without anything else, a line of text for each target.
        public init(
            content: Content = .targets, listing: Listing = .all, naming: Naming = .name, isJSON: Bool = false,
            isQuiet: Bool = false, showsRoundTrips: Bool = false, showsTimes: Bool = false,
            showsStatistics: Bool = false, nameWidth: Int = 0
        ) {
            self.content = content
            self.listing = listing
            self.naming = naming
            self.isJSON = isJSON
            self.isQuiet = isQuiet
            self.showsRoundTrips = showsRoundTrips
            self.showsTimes = showsTimes
            self.showsStatistics = showsStatistics
            self.nameWidth = nameWidth
        }
    }
}

extension FpingOutput {
    /// Lines of a sweep in the manner of fping, as UTF-8: scripts read some on standard output, others on standard error.
    public struct Lines: Sendable, Hashable {
        /// What belongs on standard output.
        public var results: [UInt8] = []
        /// What belongs on standard error.
        public var messages: [UInt8] = []

        /// No lines.
        public init() {}

        /// Forgets the lines and keeps their room.
        public mutating func removeAll() {
            results.removeAll(keepingCapacity: true)
            messages.removeAll(keepingCapacity: true)
        }
    }
}
