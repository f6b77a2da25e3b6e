import Testing

/// The checker, on small sources made up for it.
@Suite struct `The checker of the house` {
    private static let floors = Floors(rooms: [["Top"], ["Left", "Right"], ["Bottom"]], beside: ["Left": ["Right"]])

    private func violations(_ sources: [(room: String, text: String)]) -> [String] {
        let files = sources.map {
            SourceFile(path: "\($0.room).swift", room: $0.room, module: "Kit", text: $0.text)
        }
        return Self.floors.violations(in: files)
    }

    @Test func `finds a name of the floor above, with its place and its room`() {
        #expect(
            violations([("Top", "public struct Roof {}"), ("Bottom", "\nlet roof = Roof()\nlet other = Roof()")])
                == ["Bottom.swift:2: Bottom uses Roof, which is in Top"])
        #expect(violations([("Bottom", "struct Stone {}"), ("Top", "let stone = Stone()")]) == [])
    }

    @Test func `knows who may look beside`() {
        let right = (room: "Right", text: "enum Door {}")
        #expect(violations([right, ("Left", "let door: Door?")]) == [])
        let left = (room: "Left", text: "enum Door {}")
        #expect(
            violations([left, ("Right", "let door: Door?")]) == ["Right.swift:1: Right uses Door, which is in Left"])
    }

    @Test func `keeps the system from pure rooms, although it is below them`() {
        let files = [("System", "struct Clock {}"), ("Pure", "let clock: Clock"), ("Other", "let clock: Clock")].map {
            SourceFile(path: "\($0.0).swift", room: $0.0, module: "Kit", text: $0.1)
        }
        let floors = Floors(rooms: [["Pure", "Other"], ["System"]])
        #expect(
            floors.violations(in: files, pureRooms: ["Pure"], system: "System")
                == ["Pure.swift:1: Pure uses Clock, which is in System"])
    }

    @Test func `finds a file that is in no room`() {
        #expect(
            violations([("Shed", "")]) == ["Shed.swift: it is in no room of the table: add \"Shed\" or move the file"])
    }

    @Test(arguments: [
        "extension Roof {}", "@MainActor func f(_ roof: borrowing Roof?) {}", "let text = \"a \\(Roof.self) b\"",
        "let text = #\"a \\#(Roof()) b\"#", "let text = \"\"\"\n  \\(\"\\(Roof())\")\n  \"\"\"", "let x: Kit.Roof",
        "func f() { g(Roof.top) }", "/* /* nested */ */ typealias R = Roof",
    ])
    func `finds a use in any dress`(source: String) {
        #expect(violations([("Top", "struct Roof {}"), ("Bottom", source)]).count == 1, "\(source)")
    }

    @Test(arguments: [
        "// Roof", "/// A ``Roof``.", "/* Roof\n Roof */", "let text = \"Roof\"", "let text = \"\\\"Roof\"",
        "let text = #\"\\(Roof) \"Roof\" \"#", "let text = \"\"\"\n  Roof \"\" \\\n  Roof\n  \"\"\"",
        "let x = Outer.Roof()", "let x = .Roof", "struct Outer { struct Roof {} }\nlet x: Roof",
        "func f<Roof: P>(_ roof: Roof) {}", "struct Tile<A, Roof> { let roof: Roof }", "let roof = roofs.first",
        "private struct Roof {}\nlet x = Roof()", "protocol P { associatedtype Roof; var roof: Roof { get } }",
    ])
    func `takes nothing else for a use`(source: String) {
        #expect(violations([("Top", "struct Roof {}"), ("Bottom", source)]) == [], "\(source)")
    }

    @Test func `does not take the private type of another room for its own`() {
        #expect(violations([("Top", "fileprivate struct Box {}"), ("Bottom", "let box: Box")]) == [])
    }

    @Test func `tells public types from others, and types from what is in them`() {
        let file = SourceFile(
            path: "", room: "", module: "Kit",
            text: """
                import A
                public import B
                @frozen public indirect enum One { public struct Two {} }
                public final class Three: P { class func make() {} }
                package actor Four {}
                extension One { public struct Five {} }
                public typealias Six = Int
                """)
        #expect(file.types.filter(\.isPublic).map(\.name) == ["One", "Three", "Six"])
        #expect(file.types.map(\.name) == ["One", "Three", "Four", "Six"])
        #expect(file.imports.map(\.name) == ["A", "B"])
    }

    @Test func `asks for a reason above an unsafe word`() {
        func found(_ text: String) -> [String] {
            UnsafeWords.withoutReason(in: SourceFile(path: "a", room: "", module: "Kit", text: text))
        }
        #expect(found("let x = try! f()") == ["a:1: try! without a comment above that says why"])
        #expect(found("// It was checked above.\nlet x = try! f()") == [])
        #expect(found("final class A: @unchecked Sendable {}\nfatalError(\"\")").count == 2)
        #expect(found("nonisolated(unsafe) var x = 0").count == 1)
        #expect(found("if try !f() {}") == [])
        #expect(found("let x = try f() // try! would not do") == [])
    }
}
