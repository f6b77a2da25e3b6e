import Glibc
import Testing

@testable import TraceCore

@Suite struct CancellationTests {
    /// In a process of its own, where nobody else opens anything.
    @Test func `ten thousand cancelled runs leave nothing behind`() async {
        await #expect(processExitsWith: .success) { try await CancelledRuns().check() }
    }
}

/// What a process holds, each of these in one of its own.
@Suite struct ProcessTests {
    @Test func `when the last run has ended, its thread and its descriptors are given back`() async {
        await #expect(processExitsWith: .success) {
            let here = IPAddress(127, 0, 0, 1)
            let prober = LiveProber(.udp(port: 9000), options: LiveProber.Options(mode: .unprivileged))
            let settings = PingSettings(interval: .milliseconds(1))
            // Tasks and their clocks have descriptors of their own from now on.
            _ = try await Pinger(prober, settings: settings).ping(here, count: 5)
            await eventually { reactorThreads() == 0 }
            let descriptors = openDescriptors()
            for _ in 0..<3 {
                let channel = try await prober.open(ChannelSettings(target: here))
                // The socket, and what waits for it and for times.
                #expect(openDescriptors() == descriptors + 3)
                await eventually { reactorThreads() == 1 }
                channel.close()
                // The next run begins while nobody has the reactor, and before it ends.
                #expect(try await Pinger(prober, settings: settings).ping(here, count: 5).received == 5)
                await eventually { reactorThreads() == 0 && openDescriptors() == descriptors }
                #expect(!Reactor.isRunning)
            }
        }
    }

    @Test func `the limit of descriptors is raised by request alone`() async {
        await #expect(processExitsWith: .success) {
            let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            var limit = rlimit()
            _ = getrlimit(descriptors, &limit)
            let most = limit.rlim_max
            limit.rlim_cur = 200
            _ = setrlimit(descriptors, &limit)
            let prober = LiveProber(.tcp(port: 1), options: LiveProber.Options(mode: .unprivileged))
            let report = try await Pinger(prober, settings: PingSettings(interval: .milliseconds(1)))
                .ping(IPAddress(127, 0, 0, 1), count: 5)
            #expect(report.received == 5)
            _ = getrlimit(descriptors, &limit)
            #expect(limit.rlim_cur == 200)
            LiveProber.raiseDescriptorLimit()
            _ = getrlimit(descriptors, &limit)
            #expect(limit.rlim_cur == most)
        }
    }
}

private struct CancelledRuns {
    let target = IPAddress(127, 0, 0, 1)
    /// A socket that nobody reads: probes to it are never answered, so runs end by being cancelled.
    let mute: SystemSocket
    let tracer: PathTracer

    init() throws {
        mute = try SystemSocket(.datagram, .v4)
        try mute.bind(to: target, port: 0)
        var options = LiveProber.Options(mode: .unprivileged)
        options.packets.identity = .paris
        tracer = PathTracer(LiveProber(.udp(port: mute.local?.port ?? 9), options: options))
    }

    func check() async throws {
        for number in 0..<200 { _ = try await cycle(number) }
        // The thread that waits for sockets ends by itself after the last run, and its descriptors with it.
        await eventually { reactorThreads() == 0 && !Reactor.isRunning }
        let descriptors = openDescriptors()
        var slow = 0
        var growth: [Int] = []
        for quarter in 0..<4 {
            let memory = residentPages()
            for number in 0..<2_500 where try await cycle(quarter * 2_500 + number) > .milliseconds(50) { slow += 1 }
            growth.append(residentPages() - memory)
        }
        // One in a thousand may be the machine's own doing: it has other tests to run, and takes a processor away.
        if !isSanitized { #expect(slow <= 10) }
        await eventually { openDescriptors() == descriptors }
        #expect(LiveHub.openCount == 0)
        let reactor = try Reactor.acquire()
        #expect(reactor.load == Reactor.Load(sources: 0, timers: 0))
        reactor.release()
        // What each run leaves behind shows in every quarter; the allocator takes more memory for another thread once, in one.
        // 128 pages are about 200 bytes for each run. A sanitizer keeps what was freed, and is slow.
        if !isSanitized { #expect(growth.sorted()[2] < 128, "pages by quarters: \(growth)") }
    }

    /// Cancels a trace before it began, while it opens, while it sends or while it waits; gives how long that took.
    private func cycle(_ number: Int) async throws -> Duration {
        let tracer = tracer
        let target = target
        let task = Task { try await tracer.trace(target) }
        for _ in 0..<(number % 8) { await Task.yield() }
        let start = ContinuousClock.now
        task.cancel()
        let trace = try await task.value
        let took = ContinuousClock.now - start
        #expect(trace.end?.reason == .cancelled)
        return took
    }
}

/// Whether this process was built with a sanitizer.
private var isSanitized: Bool {
    let program = dlopen(nil, RTLD_LAZY)
    return dlsym(program, "__asan_init") != nil || dlsym(program, "__tsan_init") != nil
}

/// Waits until something is so, which the kernel or another thread brings about.
private func eventually(_ isSo: () -> Bool) async {
    let start = ContinuousClock.now
    while !isSo(), ContinuousClock.now - start < .seconds(20) { try? await Task.sleep(for: .milliseconds(1)) }
    #expect(isSo())
}

/// How many of this process's threads wait for sockets and times.
private func reactorThreads() -> Int {
    guard let directory = opendir("/proc/self/task") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let thread = withUnsafeBytes(of: entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard let file = fopen("/proc/self/task/\(thread)/comm", "r") else { continue }
        defer { fclose(file) }
        var name = [CChar](repeating: 0, count: 32)
        if fgets(&name, Int32(name.count), file) != nil, strcmp(name, "tracecore\n") == 0 { count += 1 }
    }
    return count
}

private func openDescriptors() -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    return count
}

private func residentPages() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return -1 }
    defer { fclose(file) }
    var bytes = [CChar](repeating: 0, count: 128)
    guard fgets(&bytes, Int32(bytes.count), file) != nil else { return -1 }
    let words = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        .split(separator: " ")
    return words.count > 1 ? Int(words[1]) ?? -1 : -1
}
