extension ProbeReply {
    /// The bytes of the answer behind its IP header, as ping and fping count them, or nil if its size is not known.
    var messageSize: Int? {
        // A recorded run may say anything.
        size.map { max(0, max(0, $0) - (from.isV4 ? IPv4Header.minimumLength : IPv6Header.length)) }
    }
}
