import Testing

@testable import TraceCore

@Suite struct `A log that was not written to its end` {
    private func log() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await event in Pinger(SimulatedProber(.icmp, .demo), settings: PingSettings(count: 2)).events(
            for: "tokyo.example")
        {
            bytes += try JSON.encode(event) + [UInt8(ascii: "\n")]
        }
        return bytes
    }

    @Test func `has its whole lines wherever it is cut`() async throws {
        let bytes = try await log()
        let all = try EventLog.events(from: bytes)
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        #expect(all.count == ends.count && all.count > 5)
        for length in ends[0]...bytes.count {
            let recording = try EventLog.recording(from: Array(bytes[..<length]))
            let whole = ends.count { $0 < length }
            // A line whose last sign is there and only its end is not is whole, too.
            let isWhole = ends.contains(length)
            let isBroken = !isWhole && length > 0 && bytes[length - 1] != UInt8(ascii: "\n")
            #expect(recording.events == Array(all.prefix(whole + (isWhole ? 1 : 0))), "\(length) bytes")
            #expect(recording.brokenLine == (isBroken ? whole + 1 : nil), "\(length) bytes")
        }
    }

    @Test func `has them also where the rest is zeros`() async throws {
        let bytes = try await log()
        let all = try EventLog.events(from: bytes)
        for part in [bytes.count - 10, bytes.count - 1] {
            let padded = Array(bytes[..<part]) + Array(repeating: 0, count: 4096)
            #expect(try EventLog.recording(from: padded).events == all.dropLast())
        }
        let zeros = bytes + Array(repeating: 0, count: 4096)
        #expect(try EventLog.recording(from: zeros) == EventLog.Recording(events: all, brokenLine: all.count + 1))
    }

    @Test(arguments: [
        "nonsense", "{\"schemaVersion\":1,", "{}", "[1", "\0\0",
    ]) func `is none where nothing in it is an event`(text: String) {
        #expect(throws: ProbeError.self) { try EventLog.events(from: Array(text.utf8)) }
    }

    @Test(arguments: ["nonsense", "{\"schemaVersion\":1,\"event\":\"sent\"}", "{\"a\":1,\n", "[1"])
    func `is refused where it goes on with something else`(text: String) async throws {
        let bytes = try await log()
        let error = #expect(throws: ProbeError.self) { try EventLog.events(from: bytes + Array(text.utf8)) }
        #expect(error?.code == .badInput)
    }

    @Test(arguments: [1, 7, 100, 65_536]) func `is the same in pieces of any size`(size: Int) async throws {
        let bytes = try await log().dropLast(5)
        let whole = try EventLog.recording(from: Array(bytes), name: "a log")
        var reader = EventLog.Reader<ProbeEvent>(name: "a log")
        var events: [ProbeEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += try reader.add(Array(bytes.dropFirst(start).prefix(size)))
        }
        events += try reader.finish()
        #expect(events == whole.events && reader.brokenLine == whole.brokenLine && reader.brokenLine != nil)
    }

    @Test func `has no line without an end`() throws {
        var reader = EventLog.Reader<ProbeEvent>(name: "a log")
        let piece = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
        let error = #expect(throws: ProbeError.self) { for _ in 0..<64 { _ = try reader.add(piece) } }
        #expect(error?.message == "a log:1: the line is too long for an event")
    }
}
