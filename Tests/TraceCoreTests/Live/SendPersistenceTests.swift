#if os(Linux)
    import Glibc
    import Testing

    @testable import TraceCore

    @Suite struct SendPersistenceTests {
        /// After how many tries a packet is given up that is refused with these errors in turn.
        private func tries(_ errors: [Int32], hearsAnswers: Bool = true) -> Int {
            var persistence = SendPersistence(hearsAnswers: hearsAnswers)
            var tries = 1
            while persistence.triesAgain(after: SystemError(number: errors[(tries - 1) % errors.count])),
                tries < 1 << 20
            {
                tries += 1
            }
            return tries
        }

        @Test(arguments: [ECONNREFUSED, EPROTO, ENOPROTOOPT, EOPNOTSUPP, EHOSTDOWN, ENONET])
        func `what only answers can be is not taken for the packet's own fate, nor for ever`(number: Int32) {
            let tries = tries([number])
            #expect(tries >= 1000)
            #expect(tries <= 1 << 16)
        }

        @Test(arguments: [EHOSTUNREACH, ENETUNREACH, EACCES])
        func `what may be either is believed when it stays`(number: Int32) {
            #expect((16...256).contains(tries([number])))
        }

        @Test func `a packet that is too large is not tried for long`() {
            #expect((2...8).contains(tries([EMSGSIZE])))
        }

        /// A firewall that rejects forbids the packet, and its answer to the packet is an error of the next send.
        @Test func `a firewall is believed at once, whatever its answers say`() {
            #expect(tries([EPERM]) == 1)
            #expect(tries([ECONNREFUSED, EPERM]) == 2)
        }

        @Test(arguments: [EINVAL, ENOBUFS, EAGAIN, EADDRNOTAVAIL])
        func `what no answer can be is believed at once`(number: Int32) { #expect(tries([number]) == 1) }

        @Test(arguments: [EMSGSIZE, EHOSTUNREACH, ECONNREFUSED])
        func `a socket that hears no answers has errors of its own only`(number: Int32) {
            #expect(tries([number], hearsAnswers: false) == 1)
        }
    }
#endif
