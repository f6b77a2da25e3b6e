import Testing

@testable import TraceCore

#if os(Linux)
    @Suite(.timeLimit(.minutes(1))) struct `A port for datagrams` {
        private struct Packet: Sendable, Equatable {
            let bytes: [UInt8]
            let peer: IPAddress
        }

        private static func opened(_ number: UInt16 = 0) throws -> (DatagramPort, AsyncStream<Packet>) {
            let (packets, came) = AsyncStream.makeStream(of: Packet.self)
            let port = try DatagramPort(number) { bytes, peer in
                came.yield(Packet(bytes: bytes.indices.map { bytes[$0] }, peer: peer))
            }
            return (port, packets)
        }

        @Test(arguments: [IPAddress(127, 0, 0, 1), IPAddress("::1")])
        func `gives what comes, and who sent it, and sends to others`(_ address: IPAddress?) async throws {
            let address = try #require(address)
            let ((one, first), (two, second)) = (try Self.opened(), try Self.opened())
            let (sent, answer) = (Array("to the other".utf8), [UInt8](repeating: 7, count: 1_400))
            do throws(ProbeError) { try one.send(sent, to: address, port: two.number) } catch {
                if error.code == .noRoute { try Test.cancel("this machine has no \(address)") }
                throw error
            }
            var arrivals = second.makeAsyncIterator()
            #expect(await arrivals.next() == Packet(bytes: sent, peer: address))
            try two.send(answer, to: address, port: one.number)
            try two.send([], to: address, port: one.number)
            var answers = first.makeAsyncIterator()
            #expect(await answers.next() == Packet(bytes: answer, peer: address))
            #expect(await answers.next() == Packet(bytes: [], peer: address))
            one.close()
            two.close()
            #expect(throws: ProbeError.self) { try one.send(sent, to: address, port: two.number) }
        }

        @Test func `is one program's alone, and free again when it is closed`() throws {
            let (one, _) = try Self.opened()
            let error = #expect(throws: ProbeError.self) { try Self.opened(one.number) }
            #expect(error?.message.contains("Another program has the UDP port \(one.number)") ?? false)
            one.close()
            one.close()
            let (again, _) = try Self.opened(one.number)
            again.close()
        }
    }
#endif
