import Testing

@testable import TraceCore

@Suite struct `The system's resolver` {
    private let system = HeldSystem()
    private let clock = ManualClock()
    private let address = IPAddress(192, 0, 2, 1)

    private func resolver(threads: Int = 2, queue: Int = 100) -> SystemResolver {
        SystemResolver(
            SystemResolver.Settings(threads: threads, queueLimit: queue, timeLimit: .seconds(10)), clock: clock,
            ask: system.ask)
    }

    @Test func `callers at the same time share one look-up, and later ones its answer`() async throws {
        let resolver = resolver()
        let tasks = (0..<50).map { number in
            // Names are the same whatever their case.
            Task { try await resolver.addresses(of: number % 2 == 0 ? "Host.Example" : "host.example") }
        }
        await clock.sleepers(atLeast: 50)
        system.answer(.addresses(of: "host.example"), .addresses([address]))
        for task in tasks { #expect(try await task.value == [address]) }
        #expect(try await resolver.addresses(of: "HOST.example") == [address])
        #expect(system.asked == [.addresses(of: "host.example")])
        #expect(resolver.running == 0)
    }

    @Test func `an answer is asked for again when it has expired`() async throws {
        let resolver = resolver()
        let question = LookupQuestion.name(of: address)
        #expect(resolver.known(address) == .unknown)
        system.answer(question, .name("r1.example"))
        #expect(await resolver.name(of: address) == "r1.example")
        #expect(resolver.known(address) == .name("r1.example"))
        clock.advance(by: .seconds(600))
        #expect(resolver.known(address) == .unknown)
        system.answer(question, .none)
        #expect(await resolver.name(of: address) == nil)
        #expect(resolver.known(address) == .none)
        clock.advance(by: .seconds(30))
        #expect(resolver.known(address) == .unknown)
        #expect(system.asked.count == 2)
    }

    @Test func `who waits for a look-up that hangs is told in time, and the answer is not lost`() async throws {
        let resolver = resolver()
        let task = Task { try await resolver.addresses(of: "slow.example") }
        _ = await system.next(1)
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .seconds(10))
        let error = await #expect(throws: ProbeError.self) { try await task.value }
        #expect(error?.code == .lookupFailed)
        #expect(error?.message == "Looking up \"slow.example\" took more than 10.0 s")
        #expect(resolver.running == 1)
        // Whoever asks again waits for the same look-up.
        let again = Task { try await resolver.addresses(of: "slow.example") }
        await clock.sleepers(atLeast: 1)
        system.answer(.addresses(of: "slow.example"), .addresses([address]))
        #expect(try await again.value == [address])
        #expect(system.asked.count == 1 && resolver.running == 0)
    }

    @Test func `when all threads hang, the next caller is told at once`() async throws {
        let resolver = resolver(threads: 2)
        let tasks = ["a", "b"].map { name in Task { try await resolver.addresses(of: name) } }
        let held = await system.next(2)
        await clock.sleepers(atLeast: 2)
        clock.advance(by: .seconds(10))
        for task in tasks { await #expect(throws: ProbeError.self) { try await task.value } }
        let error = await #expect(throws: ProbeError.self) { try await resolver.addresses(of: "c") }
        #expect(error?.code == .lookupFailed && error?.remedy != nil)
        #expect(error?.message.contains("hang") ?? false)
        #expect(await resolver.name(of: address) == nil)
        #expect(system.asked.count == 2)
        for question in held { system.answer(question, .none) }
    }

    @Test func `a cancelled caller does not wait`() async throws {
        let resolver = resolver()
        let task = Task { try await resolver.addresses(of: "slow.example") }
        let name = Task { await resolver.name(of: address) }
        _ = await system.next(2)
        task.cancel()
        name.cancel()
        let error = await #expect(throws: ProbeError.self) { try await task.value }
        #expect(error?.message == "Looking up \"slow.example\" was cancelled")
        #expect(await name.value == nil)
        system.answer(.addresses(of: "slow.example"), .none)
        system.answer(.name(of: address), .none)
    }

    @Test func `a caller that is cancelled already asks for nothing`() async throws {
        let resolver = resolver()
        let task = Task {
            withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await resolver.name(of: IPAddress(192, 0, 2, 1))
        }
        #expect(await task.value == nil)
        #expect(system.asked.isEmpty)
    }

    private static func name(_ number: Int) -> UntrustedText { UntrustedText("r\(number).example") }

    @Test func `never are there more threads than allowed, and none when all is answered`() async throws {
        let resolver = resolver(threads: 4, queue: 1000)
        let tasks = (0..<200).map { number in
            Task { await resolver.name(of: IPAddress(v4: 0x0A00_0000 + UInt32(number))) }
        }
        // Threads end and begin in between, as the questions come.
        for number in 0..<200 {
            system.answer(.name(of: IPAddress(v4: 0x0A00_0000 + UInt32(number))), .name(Self.name(number)))
        }
        for (number, task) in tasks.enumerated() { #expect(await task.value == Self.name(number)) }
        #expect(system.mostRunning <= 3)
        #expect(system.asked.count == 200)
        #expect(resolver.running == 0 && resolver.queued == 0)
    }

    /// Tells when it is let go.
    private final class Witness: Sendable {
        let farewell: AsyncStream<Never>.Continuation
        init(_ farewell: AsyncStream<Never>.Continuation) { self.farewell = farewell }
        deinit { farewell.finish() }
    }

    @Test(.timeLimit(.minutes(10))) func `a resolver that nobody holds goes when its last look-up comes back`() async {
        let (gone, farewell) = AsyncStream.makeStream(of: Never.self)
        func leaveOneBehind() async {
            let witness = Witness(farewell)
            let resolver = SystemResolver(SystemResolver.Settings(), clock: clock) { [system] question in
                _ = witness
                return system.ask(question)
            }
            let task = Task { [address] in await resolver.name(of: address) }
            _ = await system.next(1)
            task.cancel()
            _ = await task.value
        }
        await leaveOneBehind()
        system.answer(.name(of: address), .none)
        for await _ in gone {}
    }

    @Test func `texts that are no names are not looked up, and a name without addresses is an error`() async throws {
        let resolver = resolver()
        system.answer(.addresses(of: "nobody.example"), .none)
        let error = await #expect(throws: ProbeError.self) { try await resolver.addresses(of: "nobody.example") }
        #expect(error?.code == .unknownHost)
        #expect(error?.message == "There is no host \"nobody.example\", or it has no address")
        #expect(try await resolver.addresses(of: "2001:db8::1") == [IPAddress(v6: 0x2001_0db8 << 96 | 1)])
        await #expect(throws: ProbeError.self) { try await resolver.addresses(of: "10.1") }
        #expect(system.asked == [.addresses(of: "nobody.example")])
    }
}

@Suite struct `The system's own look-ups` {
    @Test func `localhost is this host, by the hosts file alone`() async throws {
        let resolver = SystemResolver()
        let addresses: [IPAddress]
        do throws(ProbeError) {
            addresses = try await resolver.addresses(of: "localhost")
        } catch {
            try Test.cancel("this system has no localhost in its hosts file: \(error)")
        }
        #expect(!addresses.isEmpty && addresses.allSatisfy { $0.range == .loopback })
        #expect(Set(addresses).count == addresses.count)
        #expect(try await resolver.addresses(of: "localhost") == addresses)
    }

    @Test func `an interface's name gives a link-local address its zone`() async throws {
        guard let index = SystemLookup.interfaceIndex("lo") else {
            try Test.cancel("there is no interface \"lo\"")
        }
        #expect(
            try await SystemResolver().addresses(of: "fe80::1%lo") == [IPAddress(v6: 0xFE80 << 112 | 1, zone: index)])
    }

    @Test func `live probers ask the system, all of them the same resolver`() {
        #expect(LiveProber(.icmp).resolver as? SystemResolver === SystemResolver.shared)
        #expect(LiveProber.udp.resolver as? SystemResolver === SystemResolver.shared)
    }
}
