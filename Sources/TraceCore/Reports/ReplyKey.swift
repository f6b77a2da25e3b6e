/// The keys of an answer in a report, where `ttl` is the answer's own.
enum ReplyKey: String, ResponseKey {
    case sequence, flow, from, name
    case rtt = "rttMs"
    case kind, icmpType, icmpCode
    case replyTTL = "ttl"
    case replyTrafficClass = "trafficClass"
    case replySize = "size"
    case mtu, mpls, interface, quote
    case duplicate, late
}
