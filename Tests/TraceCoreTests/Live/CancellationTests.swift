import Glibc
import Testing

@testable import TraceCore

@Suite struct CancellationTests {
    /// In a process of its own, where nobody else opens anything.
    @Test func `ten thousand cancelled runs leave nothing behind`() async {
        await #expect(processExitsWith: .success) { try await CancelledRuns().check() }
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
        var options = LiveOptions(mode: .unprivileged)
        options.packets.identity = .paris
        tracer = PathTracer(LiveProber(.udp(port: mute.local?.port ?? 9), options: options))
    }

    func check() async throws {
        for number in 0..<200 { _ = try await cycle(number) }
        let descriptors = openDescriptors()
        let memory = residentPages()
        var slow = 0
        for number in 0..<10_000 where try await cycle(number) > .milliseconds(50) { slow += 1 }
        let memoryAfter = residentPages()
        // One in a thousand may be the machine's own doing: it has other tests to run, and takes a processor away.
        if !isSanitized { #expect(slow <= 10) }
        #expect(openDescriptors() == descriptors)
        #expect(LiveHub.openCount == 0)
        let load = try Reactor.shared().load
        #expect(load == Reactor.Load(sources: 0, timers: 0))
        // 2 MiB: about 200 bytes for each run. A sanitizer keeps what was freed, and is slow.
        if !isSanitized { #expect(memoryAfter - memory < 512) }
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
