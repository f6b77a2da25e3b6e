import Testing

@testable import TraceCore

@Suite struct `A sweep in fping's JSON` {
    private typealias Log = `A sweep in fping's lines`.Log
    private let near = `A sweep in fping's lines`.near
    private let far = `A sweep in fping's lines`.far

    private var counted: Log {
        var log = Log(untilReply: false, queries: 2)
        log.reply(near, 0, after: .microseconds(5_120))
        log.lose(far, 0)
        log.reply(near, 1, after: .microseconds(5_140))
        log.lose(far, 1)
        log.end(at: .milliseconds(2_015))
        return log
    }

    @Test func `has an object for each answer and each loss, and one in sum for each target`() {
        let lines = counted.lines(FpingOutput.Style(content: .answers, isJSON: true))
        #expect(
            lines.results == [
                #"{"resp": {"host": "192.0.2.1", "seq": 0, "size": 64, "rtt": 5.120, "ttl": 58}}"#,
                #"{"timeout": {"host": "203.0.113.5", "seq": 0}}"#,
                #"{"resp": {"host": "192.0.2.1", "seq": 1, "size": 64, "rtt": 5.140, "ttl": 58}}"#,
                #"{"timeout": {"host": "203.0.113.5", "seq": 1}}"#,
                #"{"summary": {"host": "192.0.2.1", "xmt": 2, "rcv": 2, "loss": 0, "#
                    + #""rttMin": 5.120, "rttAvg": 5.130, "rttMax": 5.140}}"#,
                #"{"summary": {"host": "203.0.113.5", "xmt": 2, "rcv": 0, "loss": 100}}"#,
            ])
        #expect(lines.messages.isEmpty)
    }

    @Test func `has the values of each target, null for what was lost`() {
        let lines = counted.lines(FpingOutput.Style(content: .values, isJSON: true, isQuiet: true))
        #expect(
            lines.results == [
                #"{"vSum": {"host": "192.0.2.1", "values": [5.120, 5.140]}}"#,
                #"{"vSum": {"host": "203.0.113.5", "values": [null, null]}}"#,
            ])
    }

    @Test func `has the statistics of the run`() {
        let lines = counted.lines(
            FpingOutput.Style(content: .values, isJSON: true, isQuiet: true, showsStatistics: true))
        #expect(
            lines.results.last == #"{"stats": {"targets": 2, "alive": 1, "unreachable": 1, "unknownAddresses": 0, "#
                + #""timeouts": 2, "icmpEchosSent": 4, "icmpEchoRepliesReceived": 2, "otherIcmpReceived": 0, "#
                + #""rttMin": 5.120, "rttAvg": 5.130, "rttMax": 5.140, "elapsed": 2.015}}"#)
    }

    @Test func `lists targets by what came of them in sum`() {
        var log = Log(queries: 2)
        log.lose(near, 0)
        log.reply(near, 1, after: .milliseconds(7))
        log.lose(far, 0)
        log.lose(far, 1)
        #expect(
            log.lines(FpingOutput.Style(isJSON: true)).results == [
                #"{"summary": {"host": "192.0.2.1", "xmt": 2, "rcv": 1, "loss": 50, "#
                    + #""rttMin": 7.000, "rttAvg": 7.000, "rttMax": 7.000}}"#,
                #"{"summary": {"host": "203.0.113.5", "xmt": 2, "rcv": 0, "loss": 100}}"#,
            ])
    }

    @Test func `every line is JSON, whatever the names are`() throws {
        let names: [IPAddress: [UntrustedText]] = [near: ["a\"b\\c", "tab\there"], far: ["\u{1B}[31m\u{202E}"]]
        let style = FpingOutput.Style(content: .answers, isJSON: true, showsStatistics: true)
        for line in counted.lines(style, names: names).results {
            _ = try JSON.decode(JSONAnything.self, from: Array(line.utf8))
            #expect(line.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 }, "\(line)")
        }
    }
}

/// Any JSON at all.
private struct JSONAnything: Decodable {
    init(from decoder: any Decoder) throws {}
}
