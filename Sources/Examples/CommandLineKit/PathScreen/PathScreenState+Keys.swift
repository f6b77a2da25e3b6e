internal import TraceCore

extension PathScreenState {
    /// What the keys do, as the list of keys shows it.
    static let keys: KeyValuePairs<String, String> = [
        "h ?": "this list; any key leaves it",
        "arrows": "up, down: choose a hop",
        "enter": "all about the hop; Esc leaves",
        "tab": "the next host, of several",
        "d": "round trips, history, jitter",
        "j": "jitter, or round trips again",
        "a": "all paths of flows, or hops",
        "m": "the path on a map, or hops",
        "o": "choose columns, their order",
        "n": "names or addresses",
        "b": "addresses beside the names",
        "z": "numbers of networks, or none",
        "y": "prefix, country, network, place",
        "e": "MPLS labels or none",
        "r": "reset the statistics",
        "p": "pause: no probe is sent",
        "space": "go on after a pause, or pause",
        "i": "change the interval",
        "s": "change the packet size",
        "f": "change the first and last hop",
        "c": "change the number of rounds",
        "u": "ask by UDP, or ICMP again",
        "t": "ask by TCP, or ICMP again",
        "+ -": "down and up by half a page",
        "^L": "paint the screen anew",
        "q": "quit",
    ]

    /// What a key has to know of what is shown.
    struct Situation {
        /// How many lines of the path the screen shows.
        var page = 10
        /// How the run asks.
        var settings: PathSettings
        /// The hops that can be chosen, by their TTLs.
        var hops: [Int] = []
        /// How many hosts there are.
        var hosts = 1
        /// What can be known of addresses beyond their names.
        var facts: Set<PathFact> = []
        /// Whether the run has ended.
        var isOver = false
        /// Why the path cannot be asked in another way, or nil where it can.
        var fixed: String?
    }

    /// Takes a key; returns what has to be done about it.
    mutating func press(_ key: Key, _ now: Situation) -> Request? {
        note = nil
        if key == .control("l") { return .repaint }
        switch front {
        case .help:
            if !turn(key, page: now.page) { front = nil }
            return nil
        case .fields(let letters):
            edit(letters, key)
            return nil
        case .setting(let setting, let text): return edit(setting, text, key, now)
        case nil: break
        }
        if display != .paths, choose(key, among: now.hops) { return nil }
        if turn(key, page: now.page) { return nil }
        switch key {
        case .tab, .right: return move(to: 1, of: now.hosts)
        case .left: return move(to: -1, of: now.hosts)
        case .character(let letter): return press(letter, now)
        default: return nil
        }
    }

    private mutating func press(_ letter: Character, _ now: Situation) -> Request? {
        switch Character(letter.lowercased()) {
        case "q": return .quit
        case "h", "?": open(.help)
        case "o": open(.fields(fields.description))
        case "d":
            let all = Display.ofHops
            display = all[all.firstIndex(of: display).map { ($0 + 1) % all.count } ?? 0]
        case "j": display = display == .jitter ? .latency : .jitter
        case "a": toggle(.paths)
        case "m": if now.facts.contains(.place) { toggle(.map) } else { note = Self.noFacts }
        case "z":
            if fact != nil {
                fact = nil
            } else if now.facts.contains(lastFact) {
                fact = lastFact
            } else {
                note = Self.noFacts
            }
        case "y":
            let all = PathFact.allCases.filter(now.facts.contains)
            if all.isEmpty { note = Self.noFacts }
            fact = all.first { $0.rawValue > fact?.rawValue ?? 0 } ?? all.first
            lastFact = fact ?? lastFact
        case "n":
            showsNames.toggle()
            if showsNames { return .names }
        case "b": showsAddressesToo.toggle()
        case "e": showsLabels.toggle()
        case "r": return .reset
        case "p": return pause(true)
        case " ": return pause(!isPaused)
        case "u": return ask(by: .udp, now)
        case "t": return ask(by: .tcp, now)
        case let letter:
            guard let setting = PathSetting(rawValue: letter) else { return nil }
            note = now.fixed
            if note == nil { front = .setting(setting, "") }
        }
        return nil
    }

    private static let noFacts = "no database is known: start with --geo FILE"

    private mutating func ask(by method: ProbeMethod, _ now: Situation) -> Request? {
        note = now.fixed
        guard note == nil else { return nil }
        var settings = now.settings
        settings.method = settings.method == method ? .icmp : method
        return .ask(settings)
    }

    private mutating func pause(_ isWanted: Bool) -> Request? {
        guard isPaused != isWanted else { return nil }
        isPaused = isWanted
        return isWanted ? .pause : .resume
    }

    private mutating func toggle(_ other: Display) {
        scroll = 0
        if display == other {
            display = displayOfHops
        } else {
            if Display.ofHops.contains(display) { displayOfHops = display }
            display = other
        }
    }

    private mutating func open(_ front: Front) {
        self.front = front
        scroll = 0
    }

    private mutating func move(to step: Int, of hosts: Int) -> Request? {
        guard hosts > 1 else { return nil }
        (chosen, showsDetails, scroll) = (nil, false, 0)
        return .host(step)
    }

    /// Chooses a hop, if that is what the key does.
    private mutating func choose(_ key: Key, among hops: [Int]) -> Bool {
        switch key {
        case .up: chosen = hops.last { $0 < chosen ?? .max } ?? hops.first
        case .down: chosen = hops.first { $0 > chosen ?? 0 } ?? hops.last
        case .enter:
            chosen = chosen ?? hops.last
            showsDetails = chosen != nil && !showsDetails
        case .escape where showsDetails: showsDetails = false
        case .escape: chosen = nil
        default: return false
        }
        return true
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

    private mutating func edit(_ setting: PathSetting, _ text: String, _ key: Key, _ now: Situation) -> Request? {
        switch key {
        case .character(let letter):
            if letter.isASCII, text.count < 20 { front = .setting(setting, text + String(letter)) }
        case .backspace: front = .setting(setting, String(text.dropLast()))
        case .control("u"): front = .setting(setting, "")
        case .escape: front = nil
        case .enter:
            do throws(UsageError) {
                let settings = try setting.settings(now.settings, with: text)
                front = nil
                guard settings != now.settings else { return nil }
                if now.isOver { note = "all rounds are done: r starts again, with this" }
                return .ask(settings)
            } catch {
                note = "\(error)"
            }
        default: break
        }
        return nil
    }
}
