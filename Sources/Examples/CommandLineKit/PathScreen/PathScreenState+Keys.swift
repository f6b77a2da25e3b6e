internal import TraceCore

extension PathScreenState {
    /// What the keys do, as the list of keys shows it.
    static let keys: KeyValuePairs<String, String> = [
        "h ?": "this list; any key leaves it",
        "d": "round trips, history, jitter",
        "j": "jitter, or round trips again",
        "a": "all paths of flows, or hops",
        "o": "choose columns, their order",
        "r": "reset the statistics",
        "p": "pause: no probe is sent",
        "space": "go on after a pause, or pause",
        "n": "names or addresses",
        "b": "addresses beside the names",
        "e": "MPLS labels or none",
        "u": "ask by UDP, or ICMP again",
        "t": "ask by TCP, or ICMP again",
        "i": "ask by ICMP",
        "+ -": "down and up by half a page",
        "arrows": "down and up by a line",
        "^L": "paint the screen anew",
        "q": "quit",
    ]

    /// Takes a key; returns what has to be done about it.
    ///
    /// - Parameters:
    ///   - page: How many lines of the path the screen shows.
    ///   - method: How the run asks.
    mutating func press(_ key: Key, page: Int, method: ProbeMethod) -> Request? {
        note = nil
        if key == .control("l") { return .repaint }
        switch front {
        case .help:
            if !turn(key, page: page) { front = nil }
            return nil
        case .fields(let letters):
            edit(letters, key)
            return nil
        case nil: break
        }
        if turn(key, page: page) { return nil }
        guard case .character(let letter) = key else { return nil }
        return press(letter, method: method)
    }

    private mutating func press(_ letter: Character, method: ProbeMethod) -> Request? {
        switch letter {
        case "q", "Q": return .quit
        case "h", "H", "?": open(.help)
        case "o", "O": open(.fields(fields.description))
        case "d", "D":
            let all = Display.ofHops
            display = all[all.firstIndex(of: display).map { ($0 + 1) % all.count } ?? 0]
        case "j", "J": display = display == .jitter ? .latency : .jitter
        case "a", "A": togglePaths()
        case "n", "N":
            showsNames.toggle()
            if showsNames { return .names }
        case "b", "B": showsAddressesToo.toggle()
        case "e", "E": showsLabels.toggle()
        case "r", "R": return .reset
        case "p", "P": return pause(true)
        case " ": return pause(!isPaused)
        case "u", "U": return .ask(method == .udp ? .icmp : .udp)
        case "t", "T": return .ask(method == .tcp ? .icmp : .tcp)
        case "i", "I": if method != .icmp { return .ask(.icmp) }
        default: break
        }
        return nil
    }

    private mutating func pause(_ isWanted: Bool) -> Request? {
        guard isPaused != isWanted else { return nil }
        isPaused = isWanted
        return isWanted ? .pause : .resume
    }

    private mutating func togglePaths() {
        scroll = 0
        if display == .paths {
            display = displayOfHops
        } else {
            (displayOfHops, display) = (display, .paths)
        }
    }

    private mutating func open(_ front: Front) {
        self.front = front
        scroll = 0
    }

    /// Scrolls, if that is what the key does.
    private mutating func turn(_ key: Key, page: Int) -> Bool {
        let half = max(1, page / 2)
        switch key {
        case .character("+"), .pageDown: scroll += half
        case .character("-"), .pageUp: scroll -= half
        case .down: scroll += 1
        case .up: scroll -= 1
        case .home: scroll = 0
        case .end: scroll = .max / 2
        default: return false
        }
        scroll = max(0, scroll)
        return true
    }

    private mutating func edit(_ letters: String, _ key: Key) {
        switch key {
        case .character(let letter):
            let field = MTRReport.Field(rawValue: Character(letter.uppercased()))
            guard let field, field == .gap || !letters.contains(field.rawValue), letters.count < 40 else { return }
            front = .fields(letters + String(field.rawValue))
        case .backspace: front = .fields(String(letters.dropLast()))
        case .control("u"): front = .fields("")
        case .escape: front = nil
        case .enter:
            guard let fields = MTRReport.Fields(letters) else {
                note = "choose at least one column, or press Esc"
                return
            }
            if display == .jitter {
                jitter = fields
            } else {
                latency = fields
                display = .latency
            }
            front = nil
        default: break
        }
    }
}
