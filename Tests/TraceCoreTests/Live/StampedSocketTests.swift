import Testing

@testable import TraceCore

@Suite struct StampedSocketTests {
    /// As a kernel numbers stamps that can be told how, and as an older one counts them.
    @Test(arguments: [true, false]) func `each stamp comes back under its packet's number`(namesStamps: Bool) throws {
        let home = IPAddress(127, 0, 0, 1)
        let mute = try SystemSocket(.datagram, .v4)
        try mute.bind(to: home, port: 0)
        let port = try #require(mute.local?.port)
        let socket = try SystemSocket(.datagram, .v4)
        try socket.reportErrors()
        try socket.reportStamps(ofSent: true)
        let stamped = StampedSocket(socket, namesStamps: namesStamps)
        var serials: [UInt32] = []
        for serial in [UInt32(70), 7, 700, 7000] {
            // One without a stamp in between is not counted.
            try stamped.send([1].span, to: home, port: port, SystemSocket.Dispatch(), stampedAs: nil)
            try stamped.send([1].span, to: home, port: port, SystemSocket.Dispatch(), stampedAs: serial)
        }
        socket.readStamps { id, _ in
            if let serial = stamped.serial(of: id) { serials.append(serial) }
        }
        // The first packets of a process may lack a stamp, and no others.
        #expect(serials == Array([70, 7, 700, 7000].suffix(serials.count)))
        #expect(serials.count >= 1)
    }
}
