import TraceCoreCommandLine
import Foundation
import Testing

@Suite struct PageTests {
    @Test(arguments: [40, 60, 72, 80, 100, 200])
    func `help fits the terminal`(width: Int) {
        let lines = Sample.command.text(of: .help, width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.contains { $0.contains("-c, --count N") })
    }

    @Test func `help has two columns where there is room`() {
        let help = Sample.command.text(of: .help, width: 80)
        #expect(
            help.hasPrefix(
                """
                Usage: trace [options] host [size]

                Show the path to a host.

                Operands
                  host                        Where to.
                  size                        Bytes in each probe.

                Probes
                  -c, --count N               Stop after this many replies.
                  -i, --interval TIME         Wait this long between probes. More is kinder.
                                              Default: 1s.

                """))
        #expect(help.contains("\n  1  It was not.\n"))
    }

    @Test func `help puts the text below where there is not`() {
        let help = Sample.command.text(of: .help, width: 40)
        #expect(
            help.contains(
                """
                  --ratio NUMBER
                      How it's weighed [0..1].
                      Default: 0.5.

                """))
        #expect(
            help.contains(
                """
                  -p, --period TIME
                      Wait this long between probes to
                      one host. Default: 1s.

                """))
    }

    @Test func `a hidden option is on no page`() {
        let pages = [Page.help, .manual] + Shell.allCases.map(Page.completion)
        for page in pages {
            #expect(!Sample.command.text(of: page).contains("debug"))
        }
    }

    @Test func `every option that is shown is on every page`() {
        for page in [Page.help, .completion(.bash), .completion(.zsh)] {
            let text = Sample.command.text(of: page)
            #expect(["--count", "--interval", "--color", "--json", "--completion"].allSatisfy(text.contains))
        }
    }

    @Test func `the version names the program`() {
        #expect(Sample.command.text(of: .version) == "trace 1.2.3\n")
    }

    @Test func `the manual escapes what roff would obey`() {
        let manual = Sample.command.text(of: .manual)
        #expect(manual.hasPrefix(".TH \"TRACE\" \"1\" \"2026-11-20\" \"trace 1.2.3\" \"User Commands\"\n"))
        #expect(manual.contains("\n\\&.hidden \\e things are 'quoted'.\n"))
        #expect(manual.contains("\n\\fB\\-c\\fR \\fIN\\fR, \\fB\\-\\-count\\fR=\\fIN\\fR\n"))
        #expect(manual.contains("\\fBping\\fR(8),\n\\fBtraceroute\\fR(8)\n"))
    }

    @Test func `groff formats the manual without a warning`() throws {
        let result = try Tool("groff").run(
            ["-man", "-Kutf8", "-Tutf8", "-ww"], input: Sample.command.text(of: .manual))
        #expect(result.error == "")
        #expect(result.output.contains("Stop after this many replies."))
    }

    @Test func `man formats the manual without a warning`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let page = try folder.file("trace.1", Sample.command.text(of: .manual))
        let result = try Tool("man").run(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page.path()])
        #expect(result.error == "")
        #expect(result.status == 0)
    }

    @Test func `mandoc has nothing to say about the manual`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let page = try folder.file("trace.1", Sample.command.text(of: .manual))
        let result = try Tool("mandoc").run(["-T", "lint", page.path()])
        #expect(result.output == "")
        #expect(result.status == 0)
    }
}
