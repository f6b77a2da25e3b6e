/// A socket whose sent packets the kernel stamps, each under the low half of its probe's serial number.
///
/// Since Linux 6.13 a packet names its own stamp. Before, the kernel counts those that ask for one, so their order
/// is kept here; once a packet could not be sent it is not known whether it was counted, and no more stamps are
/// asked for. The program's clock does then.
final class StampedSocket: Sendable {
    private enum Numbering {
        case named
        case counted
        case off
    }

    private struct State {
        var numbering = Numbering.named
        var hasSent = false
        var count: UInt32 = 0
        /// Whether a packet is being sent that will be counted.
        var isCounting = false
        var serials: [UInt32] = []
    }

    /// How many stamps may be on their way, where they are counted.
    private static let window = 4096

    let socket: SystemSocket
    private let state: Lock<State>

    /// - Parameter namesStamps: false to count stamps as an older kernel does.
    init(_ socket: SystemSocket, namesStamps: Bool = true) {
        self.socket = socket
        state = Lock(State(numbering: namesStamps ? .named : .counted))
    }

    func send(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch,
        stampedAs serial: UInt32?
    ) throws(SystemError) {
        guard let serial else { return try transmit(bytes, to: target, port: port, dispatch) }
        var dispatch = dispatch
        dispatch.wantsStamp = true
        if state.withLock({ $0.numbering == .named }) {
            dispatch.stampID = serial
            do {
                try transmit(bytes, to: target, port: port, dispatch)
                state.withLock { $0.hasSent = true }
                return
            } catch {
                let isOlderKernel = state.withLock { state in
                    guard error == .invalid, !state.hasSent else { return false }
                    state.numbering = .counted
                    return true
                }
                guard isOlderKernel else { throw error }
                dispatch.stampID = nil
            }
        }
        try sendCounted(bytes, to: target, port: port, dispatch, serial)
    }

    /// Sends with a stamp that is recognised by its place in the order of sending.
    ///
    /// So only one packet at a time asks for one: what is sent meanwhile goes without, and is not counted.
    private func sendCounted(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch, _ serial: UInt32
    ) throws(SystemError) {
        var dispatch = dispatch
        dispatch.wantsStamp = state.withLock { state in
            guard state.numbering == .counted, !state.isCounting else { return false }
            if state.serials.isEmpty { state.serials = Array(repeating: 0, count: Self.window) }
            state.serials[Int(state.count) % Self.window] = serial
            state.isCounting = true
            return true
        }
        guard dispatch.wantsStamp else { return try transmit(bytes, to: target, port: port, dispatch) }
        do {
            try socket.send(bytes, to: target, port: port, dispatch)
            state.withLock { state in
                state.count &+= 1
                state.isCounting = false
            }
        } catch {
            // It is not known whether the kernel counted it, even if the error was about an earlier packet.
            state.withLock { $0.numbering = .off }
            dispatch.wantsStamp = false
            try transmit(bytes, to: target, port: port, dispatch)
        }
    }

    /// Sends, and sends again where the socket only reported the fate of an earlier packet.
    private func transmit(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch
    ) throws(SystemError) {
        var persistence = SendPersistence(hearsAnswers: socket.kind != .rawSending)
        while true {
            do {
                return try socket.send(bytes, to: target, port: port, dispatch)
            } catch {
                guard persistence.triesAgain(after: error) else { throw error }
            }
        }
    }

    /// The low half of the serial number that a stamp's own number means.
    func serial(of id: UInt32) -> UInt32? {
        state.withLock { state in
            switch state.numbering {
            case .named: id
            case .counted:
                state.serials.isEmpty || state.count &- id > UInt32(Self.window)
                    ? nil : state.serials[Int(id) % Self.window]
            case .off: nil
            }
        }
    }
}

/// Decides whether a packet that was refused is sent once more.
///
/// A socket with `IP_RECVERR` gives the error of the last answer to the next send. Asked again, it sends; or it gives
/// the error of one more answer, and a network that is being swept has many. What the packet itself is refused for is
/// the same each time.
struct SendPersistence {
    private let hearsAnswers: Bool
    private var tries = 0

    /// - Parameter hearsAnswers: Whether ICMP errors reach the socket at all; raw sending sockets get none.
    init(hearsAnswers: Bool) { self.hearsAnswers = hearsAnswers }

    /// Whether to send the packet again.
    mutating func triesAgain(after error: SystemError) -> Bool {
        tries += 1
        return (hearsAnswers || error == .interrupted) && tries < error.mostTries
    }
}
