/// What the command line asks for.
struct Options: Equatable, Sendable {
    /// An argument that is not understood.
    struct UsageError: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    var filter: String?
    var json = false
    var quick = false
    var help = false

    static let usage = """
        Usage: swift run -c release --package-path Benchmarks benchmarks [options]

          --filter TEXT   only the cases whose name contains TEXT
          --quick         short batches: to see that all cases run, not for figures to quote
          --json          one JSON document instead of the table
          --help          this text

        Exits 1 when a case costs more than one and a half times its line in Thresholds.txt.
        """

    init(parsing arguments: some Sequence<String>) throws(UsageError) {
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            switch argument {
            case "--filter":
                guard let text = rest.next() else { throw UsageError(description: "--filter needs a text") }
                filter = text
            case "--json": json = true
            case "--quick": quick = true
            case "--help", "-h": help = true
            default: throw UsageError(description: "“\(argument)” is not an option")
            }
        }
    }
}
