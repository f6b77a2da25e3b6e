/// An ICMP error as the system keeps it for the socket that it concerns.
///
/// The system has found the socket by what the error quotes. What it tells of the quote is where the probe was going
/// and, as far as it was quoted, what the probe carried.
struct QueuedError: Sendable, Hashable {
    var type: UInt8
    var code: UInt8
    /// The next link's MTU, where a packet was too big for it.
    var info: UInt32
    /// The address that reports it.
    var offender: IPAddress
    /// Where the probe was going when it got there.
    var target: IPAddress
    var targetPort: UInt16
    /// Where the extension structure begins in the data, if there is one.
    var extensionOffset: Int?
}
