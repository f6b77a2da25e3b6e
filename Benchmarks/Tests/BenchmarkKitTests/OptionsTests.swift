import Testing

@testable import BenchmarkKit

@Suite struct OptionsTests {
    @Test func `every option is understood`() throws {
        let options = try Options(parsing: ["--filter", "trace", "--json", "--quick"])
        #expect(options.filter == "trace")
        #expect(options.json && options.quick && !options.help)
    }

    @Test(arguments: [["--fast"], ["trace"], ["--filter"]])
    func `what is not an option is refused`(arguments: [String]) {
        #expect(throws: Options.UsageError.self) { try Options(parsing: arguments) }
    }
}
