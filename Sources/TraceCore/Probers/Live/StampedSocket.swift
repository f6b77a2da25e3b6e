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
        guard let serial else { return try sendUnstamped(bytes, to: target, port: port, dispatch) }
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

    private func sendUnstamped(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch
    ) throws(SystemError) {
        try transmit(bytes, to: target, port: port, dispatch)
    }

    private func sendCounted(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch, _ serial: UInt32
    ) throws(SystemError) {
        // Locked while it is sent: the order of sending is the order of counting. A closure cannot take a span
        // along, so the lock is taken by hand, in two steps around the call.
        var dispatch = dispatch
        let isOn = state.withLock { state in
            guard state.numbering == .counted else { return false }
            if state.serials.isEmpty { state.serials = Array(repeating: 0, count: Self.window) }
            state.serials[Int(state.count) % Self.window] = serial
            return true
        }
        dispatch.wantsStamp = isOn
        do {
            try transmit(bytes, to: target, port: port, dispatch)
            if isOn { state.withLock { $0.count &+= 1 } }
        } catch {
            state.withLock { $0.numbering = .off }
            throw error
        }
    }

    /// Sends, and sends again where the socket only told of an earlier packet's fate.
    private func transmit(
        _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: SystemSocket.Dispatch
    ) throws(SystemError) {
        var tries = 0
        while true {
            do {
                return try socket.send(bytes, to: target, port: port, dispatch)
            } catch {
                tries += 1
                guard error == .interrupted || error.mayBeStale && tries < 8 else { throw error }
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
