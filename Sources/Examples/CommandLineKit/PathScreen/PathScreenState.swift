internal import TraceCore

/// How a person looks at a path, and what their keys do to that.
struct PathScreenState: Sendable, Hashable {
    /// What the screen shows of the path.
    enum Display: Sendable, Hashable, CaseIterable {
        /// A table of loss and round trips.
        case latency
        /// The latest round trips as bars.
        case history
        /// A table of jitter.
        case jitter
        /// A table of the paths that flows take.
        case paths
        /// The world, with the path on it.
        case map

        /// What is shown of each hop, in the order of its key.
        static let ofHops: [Display] = [.latency, .history, .jitter]
    }

    /// What the screen is asked for beyond what it can do itself.
    enum Request: Sendable, Hashable {
        case quit, reset, pause, resume, names, repaint
        /// Another way of asking.
        case ask(PathSettings)
        /// Another host: so many further in their order.
        case host(Int)
    }

    /// What is shown over the path.
    enum Front: Sendable, Hashable {
        /// The list of keys.
        case help
        /// The line in which columns are chosen.
        case fields(String)
        /// The line in which a setting is changed.
        case setting(PathSetting, String)
    }

    var display = Display.latency
    /// What was shown before the paths or the map were.
    var displayOfHops = Display.latency
    /// The hop that is chosen, by its TTL.
    var chosen: Int?
    /// Whether all that is known of the chosen hop is shown.
    var showsDetails = false
    /// What is shown of the addresses before their names.
    var fact: PathFact?
    /// The last fact that was shown, for who wants it back.
    var lastFact = PathFact.number
    /// The columns of the table of loss and round trips.
    var latency = MTRReport.Fields.latency
    /// The columns of the table of jitter.
    var jitter = MTRReport.Fields.jitter
    /// Whether hops are called by their names.
    var showsNames = true
    /// Whether addresses are shown after names.
    var showsAddressesToo = false
    var showsLabels = true
    var isPaused = false
    var front: Front?
    /// How many lines are above the first one that is shown.
    var scroll = 0
    /// What has to be said until the next key.
    var note: String?

    /// What a hop is called.
    var hosts: MTRReport.HostStyle { !showsNames ? .addresses : showsAddressesToo ? .both : .names }

    /// The columns of the table that is shown.
    var fields: MTRReport.Fields { display == .jitter ? jitter : latency }
}
