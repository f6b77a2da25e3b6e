import TraceCoreCommandLine
import Testing
import TraceCore

@Suite struct ParsingTests {
    @Test(arguments: [
        "-c 3 h", "-c3 h", "--count 3 h", "--count=3 h", "--cou 3 h", "-nc 3 h", "-nqc3 h", "h -c 3",
        "-c 9 -c 3 h",
        "-c 0x3 h",
    ])
    func `every habit of getopt gives the same value`(line: String) throws {
        #expect(try Sample.parse(line)[Sample.count] == 3)
    }

    @Test func `what is not given has its default`() throws {
        let parsed = try Sample.parse("h")
        #expect(parsed[Sample.count] == nil)
        #expect(parsed[Sample.interval] == .seconds(1))
        #expect(parsed[Sample.waits] == [5, 3, 10])
        #expect(parsed[Sample.color] == .auto)
        #expect(parsed[Sample.files] == [])
        #expect(!parsed[Sample.numeric])
        #expect(!parsed.isGiven(Sample.interval))
        #expect(parsed[Sample.host] == "h")
        #expect(parsed[Sample.size] == nil)
    }

    @Test func `a bundle sets each of its flags and the last one takes the value`() throws {
        let parsed = try Sample.parse("-n4ofive".replacing("five", with: "5") + " h")
        #expect(parsed[Sample.numeric])
        #expect(parsed[Sample.four])
        #expect(parsed[Sample.offset] == 5)
    }

    @Test(arguments: [
        ("2", Duration.seconds(2)), ("10ms", .milliseconds(10)), ("1.5s", .milliseconds(1_500)),
        ("2m", .seconds(120)), ("0.2", .milliseconds(200)), (".5s", .milliseconds(500)),
        ("5000us", .milliseconds(5)), ("5000µs", .milliseconds(5)), ("1h", .seconds(3_600)),
        ("1.", .seconds(1)),
        (
            "0.1000000001",
            .nanoseconds(100_000_000) + Duration(secondsComponent: 0, attosecondsComponent: 100_000_000)
        ),
    ])
    func `a duration is read exactly, its bare number in seconds`(text: String, expected: Duration) throws {
        #expect(try Sample.parse("-i \(text) h")[Sample.interval] == expected)
    }

    @Test(arguments: [("10", Duration.milliseconds(10)), ("10s", .seconds(10)), ("0.5", .microseconds(500))])
    func `another option counts a bare number in milliseconds`(text: String, expected: Duration) throws {
        #expect(try Sample.parse("--period=\(text) h")[Sample.period] == expected)
    }

    @Test(arguments: [
        "1.5.5", "ms", "", ".", "1 s", "-1", "1e3", "1y", "99999999999999999999", "0.0000000000000000001",
        "\u{0663}",
        "9223372036854775807d", "1ms", "2h",
    ])
    func `what is no duration of the range is refused`(text: String) {
        #expect(throws: UsageError.self) { try Sample.command.parse(["-i", text, "h"]) }
    }

    @Test(arguments: [("3", [3.0]), ("5,3", [5, 3]), ("1.5,2,1e1", [1.5, 2, 10])])
    func `a list has commas between its numbers`(text: String, expected: [Double]) throws {
        #expect(try Sample.parse("-w \(text) h")[Sample.waits] == expected)
    }

    @Test(arguments: [
        ("192.0.2.1", IPAddress(192, 0, 2, 1)),
        ("2001:db8::1", IPAddress(v6: 0x2001_0db8_0000_0000_0000_0000_0000_0001)),
        ("fe80::1%7", IPAddress(v6: 0xfe80_0000_0000_0000_0000_0000_0000_0001, zone: 7)),
        ("fe80::1%lo", IPAddress(v6: 0xfe80_0000_0000_0000_0000_0000_0000_0001, zone: 1)),
    ])
    func `an address is read in either family`(text: String, expected: IPAddress) throws {
        #expect(try Sample.parse("-s \(text) h")[Sample.source] == expected)
        #expect(ValueKind<IPAddress>.address.read(ValueKind<IPAddress>.address.show(expected)) == expected)
    }

    @Test func `values may be negative`() throws {
        #expect(try Sample.parse("-o -5 h")[Sample.offset] == -5)
        #expect(try Sample.parse("-o-5 h")[Sample.offset] == -5)
        #expect(try Sample.parse("--ratio=-0.5 h")[Sample.ratio] == -0.5)
        #expect(try Sample.parse("-Q 0xB8 h")[Sample.tos] == 184)
    }

    @Test(arguments: [("-3 h", "-3"), ("h -5", "-5"), ("-1.5", "-1"), ("-.5 h", "-.")])
    func `a negative number is an unknown option, and no host`(line: String, name: String) {
        let error = #expect(throws: UsageError.self) { _ = try Sample.parse(line) }
        #expect(error?.message.hasPrefix("unknown option \(name)") == true)
    }

    @Test func `behind two dashes a negative number is an operand`() throws {
        #expect(try Sample.parse("-- -5")[Sample.host] == "-5")
        #expect(try Sample.parse("-4 h")[Sample.four])
    }

    @Test func `repeated options are collected where the option says so`() throws {
        #expect(try Sample.parse("-f a h --file=b -fc")[Sample.files] == ["a", "b", "c"])
    }

    @Test(arguments: [
        ("h", ColorChoice.auto), ("--color h", .always), ("--color=never h", .never),
        ("--colour=never h", .never),
        ("--color --color=auto h", .auto),
    ])
    func `an optional value follows an equals sign only`(line: String, expected: ColorChoice) throws {
        let parsed = try Sample.parse(line)
        #expect(parsed[Sample.color] == expected)
        #expect(parsed[Sample.host] == "h")
    }

    @Test func `two dashes end the options`() throws {
        let parsed = try Sample.parse("-n -- -c")
        #expect(parsed[Sample.host] == "-c")
        #expect(parsed[Sample.numeric])
        #expect(try Sample.parse("-")[Sample.host] == "-")
    }

    @Test func `a hidden option works when it is spelled out`() throws {
        #expect(try Sample.parse("--debug-plan h")[Sample.secret])
        #expect(throws: UsageError.self) { try Sample.parse("--debug h") }
    }

    @Test func `operands are given out in order`() throws {
        let parsed = try Sample.parse("h -n 60")
        #expect(parsed[Sample.host] == "h")
        #expect(parsed[Sample.size] == 60)
    }

    @Test func `a list of operands leaves what the next one needs`() throws {
        let sources = Operand("source", each: .host, atLeast: 1, help: "From.")
        let target = Operand("target", value: .host, help: "To.")
        let command = Command(
            "copy", summary: "Copy.", version: "1", date: "2026-11-20", options: [],
            operands: [sources, target])
        let parsed = try command.parse(["a", "b", "c"])
        #expect(parsed[sources] == ["a", "b"])
        #expect(parsed[target] == "c")
        #expect(throws: UsageError("source is missing: give the name or address of a host")) {
            try command.parse(["a"])
        }
    }

    @Test(arguments: [
        ("--help", Page.help), ("-h", .help), ("-n --version --bogus", .version), ("-V", .version),
        ("--man", .manual),
        ("--completion fish", .completion(.fish)), ("--completion=bash", .completion(.bash)),
    ])
    func `a page is asked for before anything is missed`(line: String, page: Page) throws {
        #expect(try Sample.parse(line).page == page)
    }

    @Test func `a letter that the command uses is its own`() throws {
        let header = Option("h", "header", help: "Print the header.")
        let command = Command(
            "x", summary: "X.", version: "1", date: "2026-11-20", options: [OptionGroup("Output", [header])])
        let parsed = try command.parse(["-h"])
        #expect(parsed.page == nil)
        #expect(parsed[header])
        #expect(try command.parse(["--help"]).page == .help)
        #expect(command.mistakes.isEmpty)
    }
}
