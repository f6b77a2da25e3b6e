import TraceCoreCommandLine
import Testing

@Suite struct UsageErrorTests {
    @Test(arguments: [
        ("--jsn h", "unknown option --jsn; did you mean --json?"),
        ("--JSON h", "unknown option --JSON; did you mean --json?"),
        ("--nmueric h", "unknown option --nmueric; did you mean --numeric?"),
        ("--zebra h", "unknown option --zebra"),
        ("-x h", "unknown option -x"),
        ("-nx h", "unknown option -x in -nx"),
        ("-json h", "unknown option -j in -json; did you mean --json?"),
        ("-jsn=1 h", "unknown option -j in -jsn=1; did you mean --json?"),
        ("--int 1 h", "--int is ambiguous: it could be --interval, --interface"),
        ("--=3 h", "unknown option --"),
        ("--debug-pla h", "unknown option --debug-pla"),
        ("--json=yes h", "--json takes no value"),
        ("h -c", "-c needs a value: a whole number from 1 to 1000000"),
        ("--count=0 h", "--count: \"0\" is not a whole number from 1 to 1000000"),
        ("--cou x h", "--count: \"x\" is not a whole number from 1 to 1000000"),
        ("-c=3 h", "-c: \"=3\" is not a whole number from 1 to 1000000; did you mean -c 3?"),
        ("-o 0x-5 h", "-o: \"0x-5\" is not a whole number from -10 to 10"),
        (
            "-i 1ms h",
            "-i: \"1ms\" is not a time from 2ms to 1h, such as 10ms, 1.5s or 2m (a bare number counts seconds)"
        ),
        (
            "-p x h",
            "-p: \"x\" is not a time, such as 10ms, 1.5s or 2m (a bare number counts milliseconds)"
        ),
        (
            "-w 1,2,3,4 h",
            "-w: \"1,2,3,4\" is not a list of 1 to 3 with commas between, each a number from 0 to 86400"
        ),
        (
            "-w 1,,3 h",
            "-w: \"1,,3\" is not a list of 1 to 3 with commas between, each a number from 0 to 86400"
        ),
        ("--ratio nan h", "--ratio: \"nan\" is not a number from -1 to 1"),
        ("--mark=dot h", "--mark: \"dot\" is not one of dots, stars, none; did you mean dots?"),
        ("--mark blue h", "--mark: \"blue\" is not one of dots, stars, none"),
        ("-s 1.2.3 h", "-s: \"1.2.3\" is not an IP address such as 192.0.2.1 or 2001:db8::1"),
        ("-s fe80::1%none h", "-s: \"fe80::1%none\" is not an IP address such as 192.0.2.1 or 2001:db8::1"),
        ("-I a/b h", "-I: \"a/b\" is not the name of a network interface"),
        ("-4 --ipv6 h", "-4 and --ipv6 cannot be used together"),
        ("-q --json h", "-q and --json cannot be used together"),
        ("-n", "host is missing: give the name or address of a host"),
        ("h big", "size: \"big\" is not a whole number from 28 to 65000"),
        ("h 60 more", "unexpected argument \"more\""),
    ])
    func `a mistake is named with what was given and what is accepted`(line: String, message: String) {
        let error = #expect(throws: UsageError.self) { _ = try Sample.parse(line) }
        #expect(error?.description == message)
    }

    @Test func `a text that would command the terminal is shown escaped`() {
        let error = #expect(throws: UsageError.self) {
            _ = try Sample.command.parse(["-c", "\u{1B}[31m\u{202E}\n", "h"])
        }
        #expect(error?.message.hasPrefix("-c: \"\\u{1B}[31m\\u{202E}\\n\" is not") == true)
        let unknown = #expect(throws: UsageError.self) { _ = try Sample.command.parse(["--\u{1B}x"]) }
        #expect(unknown?.description == "unknown option \"--\\u{1B}x\"")
    }

    @Test func `a long text is cut`() {
        let error = #expect(throws: UsageError.self) {
            _ = try Sample.command.parse(["-c", String(repeating: "9", count: 5_000), "h"])
        }
        #expect((error?.description.count ?? 0) < 150)
    }

    @Test func `what is printed names the program and points to the help`() {
        #expect(
            Sample.command.text(of: UsageError("unknown option --jsn", suggestion: "--json")) == """
                trace: unknown option --jsn; did you mean --json?
                Try 'trace --help'.

                """)
    }

    @Test func `a usage error ends the program with the code it declares`() async {
        let result = await #expect(
            processExitsWith: .exitCode(3), observing: [\.standardErrorContent, \.standardOutputContent]
        ) {
            let command = Command(
                "sweep", summary: "Ask many.", version: "1", date: "2026-11-20", options: [], usageExitCode: 3
            )
            _ = command.parseOrExit(["--bogus"])
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("sweep: unknown option --bogus\nTry 'sweep --help'.\n"))
    }

    @Test func `help that is asked for goes to standard output with success`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            _ = Sample.command.parseOrExit(["--help"])
        }
        let text = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(text.contains("Usage: trace [options] host [size]\n"))
    }

    @Test func `reading an option that is not in the table is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            let forgotten = Option("z", help: "Forgotten.")
            _ = try Sample.parse("h")[forgotten]
        }
    }

    @Test func `the table of a program can be checked`() {
        #expect(Sample.command.mistakes == [])
        let twice = Command(
            "x", summary: "X.", version: "1", date: "2026-11-20",
            options: [OptionGroup("A", [Option("n", help: "One."), Option("n", "two", help: "two")])],
            oneOf: [[Option("lost", help: "Lost.")]],
            operands: [
                Operand("a", optional: .text, help: "A."), Operand("b", optional: .text, help: "B."),
            ])
        #expect(
            twice.mistakes == [
                "-n is declared twice", "the help of --two is not a sentence",
                "--lost excludes others but is in no group",
                "more than one operand may be left out, so it is not clear which one was",
            ])
    }
}
