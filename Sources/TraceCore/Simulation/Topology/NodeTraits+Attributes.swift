extension LinkTraits {
    /// The attributes of a link, which a node has for the link into it.
    static let keys = ["delay", "jitter", "loss", "return-loss", "mtu", "down", "up"]

    /// Takes an attribute in; false if it is none of a link.
    mutating func apply(_ key: String, _ value: TopologyValue) throws(TopologyMistake) -> Bool {
        switch key {
        case "delay": delay = try value.nanoseconds()
        case "jitter":
            let parts = value.split("/")
            isUniform = parts.count == 2 && parts[1].text == "uniform"
            guard parts.count == 1 || isUniform else {
                throw value.mistake(expected: "0.2ms or 0.2ms/uniform")
            }
            jitter = try parts[0].nanoseconds()
        case "loss": loss = try value.share()
        case "return-loss": returnLoss = try value.share()
        case "mtu":
            let parts = value.split("/")
            dropsTooBig = parts.count == 2 && parts[1].text == "silent"
            guard parts.count == 1 || dropsTooBig else {
                throw value.mistake(expected: "1400 or 1400/silent")
            }
            mtu = try parts[0].number(68...65535)
        default: return false
        }
        return true
    }
}

extension NodeTraits {
    /// Attributes that have no value.
    static let flagKeys = ["silent", "dead", "down", "up", "hidden", "forward-zero"]
    /// Attributes that have one.
    static let valueKeys = [
        "delay", "jitter", "loss", "return-loss", "mtu", "balance", "salt", "allow", "prohibit", "drop",
        "prohibit-code", "unreachable", "nat", "nat-port-shift", "nat-quote", "dnat", "dscp", "ecn", "mss",
        "checksum-shift", "police", "police-burst", "mtu-told", "reply-from", "reply-ttl", "return-hops",
        "return-delay", "reply-loss", "rate",
        "burst", "quote",
        "mpls",
        "interface", "ifindex", "ifaddress", "ifmtu", "extensions", "duplicate", "duplicate-delay", "reorder",
        "late", "echo", "tcp", "tcp-filtered", "udp", "udp-filtered", "udp-echo", "name", "reverse",
    ]

    /// Takes an attribute without a value in; false if there is none of that name.
    mutating func apply(flag: String) -> Bool {
        switch flag {
        case "silent": isSilent = true
        case "dead": isDead = true
        case "down": isDown = true
        case "up": isDown = false
        case "hidden": isHidden = true
        case "forward-zero": forwardsZero = true
        default: return false
        }
        return true
    }

    /// Takes an attribute in; false if there is none of that name.
    mutating func apply(_ key: String, _ value: TopologyValue) throws(TopologyMistake) -> Bool {
        if try link.apply(key, value) { return true }
        if try applyForwarding(key, value) { return true }
        if try applyAnswering(key, value) { return true }
        return try applyListening(key, value)
    }

    private mutating func applyForwarding(
        _ key: String, _ value: TopologyValue
    ) throws(TopologyMistake) -> Bool {
        switch key {
        case "balance":
            balance = try value.choice(["flow": .flow, "packet": .packet, "destination": .destination])
        case "salt": salt = try value.number(0...UInt64.max)
        case "allow": rules += try value.rules(.allow)
        case "prohibit": rules += try value.rules(.prohibit)
        case "drop": rules += try value.rules(.drop)
        case "prohibit-code": prohibitCode = try value.unreachableCode()
        case "unreachable": unreachable = value.text == "off" ? nil : try value.unreachableCode()
        case "nat": nat = try value.addresses()
        case "nat-port-shift": natPortShift = try value.number(0...UInt16.max)
        case "nat-quote": natKeepsQuote = try value.choice(["restored": false, "kept": true])
        case "dnat":
            let parts = value.split("/")
            guard parts.count <= 2 else { throw value.mistake(expected: "addresses, and after a / the port") }
            dnat = try parts[0].addresses()
            if parts.count == 2 { dnatPort = try parts[1].number(0...UInt16.max) }
        case "dscp":
            trafficClassSet = try value.number(0...63) << 2
            trafficClassKeep &= 3
        case "ecn":
            guard value.text == "clear" else { throw value.mistake(expected: "clear") }
            trafficClassKeep &= 0xFC
        case "mss": mss = try value.number(88...65495)
        case "checksum-shift": checksumShift = try value.number(1...65535)
        case "police": policeInterval = value.text == "off" ? 0 : try value.rate()
        case "police-burst": policeBurst = try value.number(1...1_000_000)
        default: return false
        }
        return true
    }

    private mutating func applyAnswering(
        _ key: String, _ value: TopologyValue
    ) throws(TopologyMistake) -> Bool {
        switch key {
        case "reply-from": replyFrom = try value.addresses()
        case "mtu-told": mtuTold = try value.number(0...65535)
        case "reply-ttl": replyTTL = try value.number(1...255)
        case "return-hops": returnHops = try value.number(0...255)
        case "return-delay": returnDelay = try value.nanoseconds()
        case "reply-loss": replyLoss = try value.share()
        case "rate": rateInterval = try value.rate()
        case "burst": burst = try value.number(1...1_000_000)
        case "quote": quote = value.text == "full" ? .max : try value.number(0...65535)
        case "mpls": labels = try value.labels()
        case "interface": interface.name = UntrustedText(value.text)
        case "ifindex": interface.index = try value.number(0...UInt32.max)
        case "ifaddress": interface.address = try value.address()
        case "ifmtu": interface.mtu = try value.number(0...UInt32.max)
        case "extensions": hasLegacyExtensions = try value.choice(["rfc4884": false, "legacy": true])
        case "duplicate": duplicate = try value.share()
        case "duplicate-delay": duplicateDelay = try value.nanoseconds()
        case "reorder": reorder = try value.spike()
        case "late": late = try value.spike()
        default: return false
        }
        return true
    }

    private mutating func applyListening(
        _ key: String, _ value: TopologyValue
    ) throws(TopologyMistake) -> Bool {
        switch key {
        case "echo": answersEcho = try value.choice(["on": true, "off": false])
        case "tcp": tcpOpen = try value.ports()
        case "tcp-filtered": tcpFiltered = try value.ports()
        case "udp": udpOpen = try value.ports()
        case "udp-filtered": udpFiltered = try value.ports()
        case "udp-echo": udpEcho = try value.ports()
        case "name": name = value.text
        case "reverse": reverse = value.text
        default: return false
        }
        return true
    }
}

extension TopologyValue {
    /// One of a few words.
    func choice<Value>(_ choices: KeyValuePairs<String, Value>) throws(TopologyMistake) -> Value {
        for (word, value) in choices where word == text { return value }
        throw mistake(expected: choices.map(\.key).joined(separator: " or "))
    }

    /// The nanoseconds between two of a rate: `10/s`, `30/m`.
    fileprivate func rate() throws(TopologyMistake) -> Int64 {
        let parts = split("/")
        guard parts.count == 2, let count = Int64(parts[0].text), (1...1_000_000_000).contains(count),
            let unit = ["s": 1, "m": 60, "h": 3600][parts[1].text]
        else { throw mistake(expected: "a rate such as 10/s or 30/m") }
        return Int64(unit) * 1_000_000_000 / count
    }

    /// A share and a time: `1%/8s`.
    fileprivate func spike() throws(TopologyMistake) -> NodeTraits.Spike {
        let parts = split("/")
        guard parts.count == 2 else { throw mistake(expected: "a share and a time, such as 1%/8s") }
        return NodeTraits.Spike(share: try parts[0].share(), delay: try parts[1].nanoseconds())
    }

    /// A label stack: `24001/0/1`, outermost first, `label/exp/ttl`; the last is marked as the bottom.
    fileprivate func labels() throws(TopologyMistake) -> [MPLSLabel] {
        let entries = list()
        var labels: [MPLSLabel] = []
        for (index, entry) in entries.enumerated() {
            let parts = entry.split("/")
            guard parts.count <= 3 else { throw entry.mistake(expected: "label/exp/ttl, such as 24001/0/1") }
            labels.append(
                MPLSLabel(
                    label: try parts[0].number(0...0xF_FFFF),
                    exp: parts.count > 1 ? try parts[1].number(0...7) : 0, bottom: index == entries.count - 1,
                    ttl: parts.count > 2 ? try parts[2].number(0...255) : 1))
        }
        return labels
    }

    fileprivate func unreachableCode() throws(TopologyMistake) -> UnreachableCode {
        for (name, code) in UnreachableCode.named where name == text { return code }
        guard let code = UInt8(text) else {
            let names = UnreachableCode.named.map(\.name).joined(separator: ", ")
            throw mistake(expected: "a code's number, or one of \(names)")
        }
        return UnreachableCode(v4: code, v6: code)
    }

    /// Kinds of packets: `udp`, `tcp:443`, `udp:33434-33534`, `all`.
    fileprivate func rules(_ action: FirewallRule.Action) throws(TopologyMistake) -> [FirewallRule] {
        var rules: [FirewallRule] = []
        for value in list() {
            let parts = value.split(":")
            guard parts.count <= 2,
                let proto: UInt8 = ["all": 0, "icmp": 1, "tcp": 6, "udp": 17][parts[0].text]
                    ?? UInt8(parts[0].text)
            else { throw value.mistake(expected: "all, icmp, udp, tcp:443 or udp:33434-33534") }
            let ports = parts.count == 2 ? try parts[1].ports() : [PortRange(first: 0, last: .max)]
            rules += ports.map { FirewallRule(action: action, proto: proto, ports: $0) }
        }
        return rules
    }
}
