internal import TraceCore

extension ScreenLine {
    /// Adds what an address is called, up to a column of the line; of a name that is too long, the address behind it
    /// stays whole.
    mutating func append(
        _ address: IPAddress, _ name: UntrustedText?, _ hosts: MTRReport.HostStyle, _ style: CellStyle,
        kind: ReplyKind? = nil, upTo room: Int
    ) {
        // What traceroute marks, or what a TCP port is.
        let mark = (kind?.mark ?? kind?.port.map { "<\($0)>" }).map { " " + $0 } ?? ""
        let room = room - mark.count
        if hosts == .both, let name, !name.raw.isEmpty {
            let behind = " (\(address))"
            append(name, style, upTo: max(6, room - columns - behind.count))
            append(UntrustedText(behind), style, upTo: room - columns)
        } else {
            append(hosts.text(of: address, name), style, upTo: room - columns)
        }
        append(mark, kind?.mark == nil ? .dim : .alarm)
    }
}
