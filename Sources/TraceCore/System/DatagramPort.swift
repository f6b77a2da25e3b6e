/// A UDP port of this machine for both families, on the reactor: what comes is handed over at once, and nothing waits.
package final class DatagramPort: ReactorSource, Sendable {
    /// Takes a packet and who sent it; called on the reactor's thread, so it does little.
    package typealias Taker = @Sendable (_ bytes: Span<UInt8>, _ peer: IPAddress) -> Void

    /// The port.
    package let number: UInt16
    private let take: Taker
    private let sockets: Lock<[SystemSocket]>
    private let seat: ReactorSeat

    /// Opens a port, or any that is free for 0. A machine with one family has it for that one.
    ///
    /// - Throws: Why it cannot be opened.
    package init(_ number: UInt16, take: @escaping Taker) throws(ProbeError) {
        var (opened, port) = ([SystemSocket](), number)
        var failure: SystemError?
        for family in [IPAddress.Family.v4, .v6] {
            do throws(SystemError) {
                let socket = try SystemSocket(.datagram, family)
                try socket.useOwnFamilyOnly()
                try socket.bind(to: nil, port: port)
                if port == 0 { port = socket.local?.port ?? 0 }
                opened.append(socket)
            } catch {
                guard error != .addressInUse else { throw Self.taken(number) }
                failure = failure ?? error
            }
        }
        if opened.isEmpty, let failure { throw failure.opening("UDP port \(number)") }
        (self.number, self.take) = (port, take)
        sockets = Lock(opened)
        do throws(SystemError) {
            seat = ReactorSeat(in: try Reactor.acquire())
        } catch {
            throw error.opening("UDP port \(number)")
        }
        do throws(SystemError) {
            for (slot, socket) in opened.enumerated() { try seat.watch(socket, of: self, slot: UInt32(slot)) }
        } catch {
            close()
            throw error.opening("UDP port \(number)")
        }
    }

    private static func taken(_ number: UInt16) -> ProbeError {
        ProbeError(
            .badSetting, "Another program has the UDP port \(number)",
            remedy: "End that program, or use another port")
    }

    /// Sends a packet to the same port of another machine, or throws why it did not leave.
    package func send(_ bytes: [UInt8], to address: IPAddress, port: UInt16) throws(ProbeError) {
        guard let socket = sockets.withLock({ $0.first { $0.family == address.family } }) else {
            throw ProbeError(.noRoute, "The port is closed, or this machine has no address of the family of \(address)")
        }
        do throws(SystemError) {
            try socket.send(bytes.span, to: address, port: port, SystemSocket.Dispatch())
        } catch {
            throw error.sending(to: address)
        }
    }

    func ready(_ event: Reactor.Event, _ buffer: ReceiveBuffer) {
        let socket = sockets.withLock { sockets in
            sockets.indices.contains(Int(event.slot)) ? sockets[Int(event.slot)] : nil
        }
        socket?.drain(into: buffer) {
            for index in 0..<buffer.count {
                guard let peer = buffer.message(index).peer else { continue }
                buffer.withBytes(of: index) { take($0, peer) }
            }
        }
    }

    /// Closes the port; nothing is handed over any more.
    package func close() {
        let wasOpen = sockets.withLock { sockets in
            defer { sockets = [] }
            return !sockets.isEmpty
        }
        guard wasOpen else { return }
        seat.leave()
        seat.reactor.release()
    }

    deinit { close() }
}
