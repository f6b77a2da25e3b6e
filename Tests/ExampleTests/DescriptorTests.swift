import Foundation
import Testing

/// Programs that may have few files open, down to none beside their standard streams.
@Suite struct `A program with few descriptors` {
    private static let calls = [
        ["trace", "-n", "127.0.0.1"], ["trace", "-n", "-U", "127.0.0.1"], ["trace", "-n", "-T", "127.0.0.1"],
        ["trace", "--network", "demo", "tokyo.example"], ["ping", "-c", "1", "127.0.0.1"],
        ["mtr", "-r", "-c", "1", "-i", "0.1", "127.0.0.1"],
        ["pathwatch", "once", "--network", "demo", "tokyo.example"], ["sweep", "127.0.0.1"],
        ["sweep", "--network", "demo", "tokyo.example"], ["geo", "192.0.2.1"],
    ]

    @Test(arguments: 3...24) func `works, or says what to do`(limit: Int) throws {
        for call in Self.calls {
            let path = Program(name: call[0]).path
            let line = "ulimit -n \(limit) && exec \(path) \(call.dropFirst().joined(separator: " "))"
            let result = try Program(shell: line)()
            // A shell's code for what the dynamic linker could not load; one for a signal is larger.
            #expect(result.status <= 127, "\(call) with \(limit): \(result.errors)")
            #expect(!result.errors.contains("Signal"), "\(call) with \(limit): \(result.errors)")
            if result.status == 0 { continue }
            let lines = result.errors.split(separator: "\n")
            if result.status == 127 {
                #expect(lines.first?.contains("cannot open shared object file") == true)
            } else if call[0] != "geo" {
                #expect(lines.count == 1, "\(call) with \(limit): \(result.errors)")
                #expect(lines.first?.hasPrefix("\(call[0]): ") == true)
                #expect(lines.first?.contains("ulimit -n") == true, "\(call) with \(limit): \(result.errors)")
            }
        }
    }

    @Test(arguments: ["trace", "ping", "mtr", "sweep", "geo"]) func `shows its help with few of them`(name: String)
        throws
    {
        let result = try Program(shell: "ulimit -n 4 && exec \(Program(name: name).path) --help")()
        #expect(result.status == 0, "\(result.errors)")
    }
}
