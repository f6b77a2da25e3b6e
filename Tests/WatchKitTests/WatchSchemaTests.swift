import Foundation
import Testing
import TraceCore
import TraceCoreCommandLine
import TraceCoreReceivers

@testable import TraceCoreWatch

@Suite struct WatchSchemaTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Documentation/schema/watch.json").standardizedFileURL
    private let schema = WatchSettings.jsonSchema

    @Test func `the published schema is that of the program`() throws {
        let text = try JSON.text(schema, style: .pretty) + "\n"
        if ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_WRITE"] != nil {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: Self.file, encoding: .utf8) == text, "write it anew with TRACECORE_SCHEMA_WRITE=1")
    }

    private func names(_ value: JSON.Value?) -> Set<String> {
        guard case .object(let members)? = value else { return [] }
        return Set(members.map(\.name))
    }

    /// What the reader says that there is, where it is given something that there is not.
    private func allowed(_ text: String, at path: String) -> Set<String> {
        let mistakes = #expect(throws: SettingsMistakes.self) { try WatchSettings(parsing: Array(text.utf8)) }
        let reason = mistakes?.all.first { $0.path == path }?.reason ?? ""
        let list = reason.split(separator: "there is ").last?.split(separator: "has only ").last ?? ""
        return Set(list.split(separator: ", ").map(String.init))
    }

    @Test func `its members are those that are read`() {
        let properties = schema["properties"]
        #expect(names(properties) == allowed(#"{"targets": [{"host": "a"}], "zz": 1}"#, at: "zz"))
        #expect(
            names(properties?["keep"]?["properties"])
                == allowed(#"{"targets": [{"host": "a"}], "keep": {"zz": 1}}"#, at: "keep.zz"))
        #expect(
            names(properties?["rules"]?["items"]?["properties"])
                == allowed(#"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "zz": 1}]}"#, at: "rules[0].zz"))
        guard case .array(let receivers)? = properties?["receivers"]?["items"]?["oneOf"] else {
            Issue.record("there are no receivers")
            return
        }
        #expect(receivers.count == Receiver.Kind.allCases.count)
        for (kind, receiver) in zip(Receiver.Kind.allCases, receivers) {
            let text =
                #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "\#(kind.rawValue)", "zz": 1}]}"#
            #expect(names(receiver["properties"]) == allowed(text, at: "receivers[0].zz"))
        }
    }

    @Test func `its fields of targets are those of runs, and all of them are read`() throws {
        let target = names(schema["properties"]?["targets"]?["items"]?["properties"])
        let usual = names(schema["properties"]?["defaults"]?["properties"])
        #expect(target.subtracting(usual) == ["name", "host", "from", "agents"] && usual.isSubset(of: target))
        #expect(target == allowed(#"{"targets": [{"host": "a", "zz": 1}]}"#, at: "targets[0].zz"))
        #expect(usual == allowed(#"{"targets": [{"host": "a"}], "defaults": {"zz": 1}}"#, at: "defaults.zz"))
        #expect(usual.isSuperset(of: ["labels", "interval", "method", "flows", "port", "maxTTL"]))
        for name in usual {
            // Nothing is an object of objects, so each is refused, and none as unknown.
            let text = #"{"targets": [{"host": "a", "\#(name)": {"a": {}}}]}"#
            let mistakes = #expect(throws: SettingsMistakes.self, "\(name)") {
                try WatchSettings(parsing: Array(text.utf8))
            }
            #expect(mistakes?.all.count == 1)
            #expect(mistakes?.description.contains("no such") == false, "\(name)")
        }
    }

    @Test func `the examples of the documentation are sound`() throws {
        let file = Self.file.appending(path: "../../Pathwatch.md").standardizedFileURL
        let blocks = try String(contentsOf: file, encoding: .utf8).split(separator: "```json\n").dropFirst()
        let examples = blocks.compactMap { $0.split(separator: "\n```").first }.filter { $0.contains(#""targets":"#) }
        #expect(!examples.isEmpty)
        for example in examples {
            #expect(throws: Never.self) { try WatchSettings(parsing: Array(example.utf8)) }
        }
    }

    /// Hands settings over to `Tests/Conformance/schemas.py`, where that has asked for them.
    @Test func `a validator of others agrees`() throws {
        let good = [WatchDemo.settings, SettingsTests.everything]
        for text in good { #expect(throws: Never.self) { try WatchSettings(parsing: Array(text.utf8)) } }
        guard let folder = ProcessInfo.processInfo.environment["TRACECORE_SCHEMA_EXAMPLES"] else { return }
        func keep(_ documents: [JSON.Value], as name: String) throws {
            let lines = try documents.map { try JSON.text($0) + "\n" }.joined()
            try lines.write(toFile: "\(folder)/\(name).ndjson", atomically: true, encoding: .utf8)
        }
        try keep(good.map { try JSON.Value(parsing: Array($0.utf8)) }, as: "watch")
        try keep(
            SettingsTests.wrong.compactMap { text, _, reason in
                guard let settings = try? JSON.Value(parsing: Array(text.utf8)) else { return nil }
                return .object([.init("settings", settings), .init("reason", .string(reason))])
            }, as: "watch-wrong")
    }
}
