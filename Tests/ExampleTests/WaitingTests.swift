import Foundation
import Testing

/// What a person at a terminal is asked and told while a program takes long.
@Suite(.onItsOwnThread) struct `A person who waits` {
    private func withTerminal(_ body: (TerminalSession) throws -> Void) throws {
        let terminal = try TerminalSession(columns: 120)
        defer { terminal.end() }
        try body(terminal)
    }

    private static let everybody = "\(Program(name: "sweep").path) --network demo -q -g 10.0.0.0/0"

    @Test(arguments: ["n", "", "maybe", "yesterday"]) func `is asked before four billion addresses are, and can say no`(
        answer: String
    ) throws {
        try withTerminal { terminal in
            try terminal.type("clear; \(Self.everybody); echo status $?")
            let screen = try terminal.until("a question") { $0.contains { $0.hasSuffix("Go on? [y/N]") } }
            #expect(
                screen.contains("sweep: 4,294,967,294 addresses take at least 497 days. Go on? [y/N]"), "\(screen)")
            try terminal.type(answer)
            try terminal.until("the end") { $0.contains("sweep: nothing was sent") && $0.contains("status 4") }
        }
    }

    @Test(arguments: [("", "y"), ("--yes", nil)]) func `can agree to it`(option: String, answer: String?) throws {
        try withTerminal { terminal in
            try terminal.type("clear; \(Self.everybody) --real-time \(option); echo status $?")
            if let answer {
                try terminal.until("a question") { $0.contains { $0.hasSuffix("Go on? [y/N]") } }
                try terminal.type(answer)
            }
            try terminal.until("progress") { $0.contains { $0.contains(/asked [0-9,]+ of 4,294,967,294, .* left/) } }
            try terminal.press("C-c")
            try terminal.until("the end") { $0.contains { $0.hasPrefix("status ") } }
        }
    }

    @Test func `is told how many paths are known, and how long the others take`() throws {
        try withTerminal { terminal in
            let list = terminal.folder.appending(path: "hosts").path
            try terminal.type(
                "for i in 1 2 3 4 5 6 7 8 9; do echo tokyo.example; echo dead.example; done > \(list); clear; "
                    + "\(Program(name: "trace").path) --network demo --real-time --targets \(list) --concurrency 2")
            try terminal.until("progress") { $0.contains { $0.contains(/[1-9] of 18 traced, [0-9]+:[0-9][0-9] left/) } }
            try terminal.press("C-c")
            try terminal.until("the end") { $0.contains { $0.contains("the others were not any more") } }
        }
    }
}
