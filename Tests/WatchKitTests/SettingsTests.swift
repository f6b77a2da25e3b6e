import Foundation
import Testing
import TraceCore
import TraceCoreCommandLine
import TraceCorePathStore
import TraceCoreServer

@testable import TraceCoreWatch

@Suite("The settings of pathwatch") struct SettingsTests {
    private static func mistakes(_ text: String) -> [SettingsMistake] {
        do throws(SettingsMistakes) {
            _ = try WatchSettings(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all
        }
    }

    /// One mistake each: the text, its place, and a part of what is said.
    static let wrong: [(String, String, String)] = [
        ("", "", "no JSON"), ("{", "", "no JSON"), ("[]", "", "an object"), ("{}", "", "no targets"),
        (#"{"targets": {}}"#, "targets", "an array"), (#"{"targets": []}"#, "targets", "no targets"),
        (#"{"targets": [7]}"#, "targets[0]", "an object"), (#"{"targets": [{}]}"#, "targets[0]", "a target has a host"),
        (#"{"targets": [{"host": ""}]}"#, "targets[0].host", "a name or an address"),
        (#"{"targets": [{"host": "-n"}]}"#, "targets[0].host", "-n"),
        (#"{"targets": [{"host": "a b"}]}"#, "targets[0].host", "a b"),
        (#"{"targets": [{"host": "a", "interval": "often"}]}"#, "targets[0].interval", "100ms to 1h"),
        (#"{"targets": [{"host": "a", "interval": 0}]}"#, "targets[0].interval", "100ms to 1h"),
        (#"{"targets": [{"host": "a", "method": "quic"}]}"#, "targets[0].method", "icmp"),
        (#"{"targets": [{"host": "a", "port": 99999, "method": "tcp"}]}"#, "targets[0].port", "65535"),
        (#"{"targets": [{"host": "a", "flows": 100}]}"#, "targets[0].flows", "1 to 64"),
        (#"{"targets": [{"host": "a", "maxTTL": 0}]}"#, "targets[0].maxTTL", "1 to 64"),
        (#"{"targets": [{"host": "a", "count": 3}]}"#, "targets[0].count", "no such setting; there is "),
        (#"{"targets": [{"host": "a", "colour": "red"}]}"#, "targets[0].colour", "maxTTL, method, mode, name"),
        (#"{"targets": [{"host": "a", "verb": "ping"}]}"#, "targets[0].verb", "no such setting of a target"),
        (#"{"targets": [{"host": "a", "labels": {"1a": "b"}}]}"#, "targets[0].labels.1a", "letters, digits"),
        (#"{"targets": [{"host": "a", "labels": {"a": 1}}]}"#, "targets[0].labels.a", "a text"),
        (#"{"targets": [{"host": "a"}], "history": "1h"}"#, "history", "a simulated network only"),
        (#"{"targets": [{"host": "a"}], "network": "demo", "history": "2y"}"#, "history", "to 366d"),
        (#"{"targets": [{"host": "a"}], "ship": {}}"#, "ship", "there is clickhouse"),
        (#"{"targets": [{"host": "a"}], "ship": {"kafka": {}}}"#, "ship.kafka", "there is clickhouse"),
        (#"{"targets": [{"host": "a"}], "ship": {"clickhouse": {}}}"#, "ship.clickhouse", "it has a url"),
        (
            #"{"targets": [{"host": "a"}], "ship": {"clickhouse": {"url": "ch:8123"}}}"#, "ship.clickhouse.url",
            "https://"
        ),
        (
            #"{"targets": [{"host": "a"}], "ship": {"clickhouse": {"url": "http://u:p@ch:8123"}}}"#,
            "ship.clickhouse.url", "passwordFile are by themselves"
        ),
        (
            #"{"targets": [{"host": "a"}], "ship": {"clickhouse": {"url": "http://ch:8123", "database": "a b"}}}"#,
            "ship.clickhouse.database", "letters, digits"
        ),
        (
            #"{"targets": [{"host": "a"}], "ship": {"clickhouse": {"url": "http://ch:8123", "spool": "7d"}}}"#,
            "ship.clickhouse.spool", "keep.samples"
        ),
        (
            #"{"targets": [{"host": "a"}], "ship": {"clickhouse": {"url": "http://ch:8123", "interval": 0}}}"#,
            "ship.clickhouse.interval", "1s to 10m"
        ),
        (#"{"targets": [{"host": "a"}], "mesh": true}"#, "mesh", "list them"),
        (#"{"targets": [{"host": "a"}], "mesh": 1, "agents": []}"#, "mesh", "true or false"),
        (#"{"targets": [{"host": "a"}], "mesh-port": 0}"#, "mesh-port", "1 to 65535"),
        (#"{"targets": [{"host": "a"}], "mesh-key-file": 1}"#, "mesh-key-file", "the name of a file"),
        (#"{"targets": [{"host": "a"}], "agents": [{"host": "b"}]}"#, "agents[0]", "has a name"),
        (#"{"targets": [{"host": "a"}], "agents": [{"name": "b"}, {"name": "b"}]}"#, "agents[1].name", "twice"),
        (#"{"targets": [{"host": "a", "agents": ["x"]}]}"#, "targets[0].agents", "an object"),
        (#"{"targets": [{"host": "a", "from": 1}]}"#, "targets[0].from", "an array"),
        (#"{"targets": [{"host": "a", "from": []}]}"#, "targets[0].from", "from somewhere"),
        (#"{"targets": [{"host": "a", "from": ["nowhere"]}]}"#, "targets[0].from[0]", "there is here"),
        (#"{"targets": [{"host": "a", "from": "nowhere"}]}"#, "targets[0].from", "there is here"),
        (#"{"targets": [{"host": "a", "from": ["here", "here"]}]}"#, "targets[0].from[1]", "twice"),
        (#"{"targets": [{"host": "a", "host": "b"}]}"#, "targets[0].host", "twice"),
        (#"{"targets": [{"host": "a", "interval": 1, "interval": 2}]}"#, "targets[0].interval", "twice"),
        (#"{"targets": [{"host": "a", "labels": {"x": "a", "x": "a"}}]}"#, "targets[0].labels.x", "twice"),
        (#"{"targets": [{"host": "a"}], "title": "a", "title": "b"}"#, "title", "twice"),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "webhook", "url": "https://x.example", "headers": {"A": "y", "A": "z"}}]}"#,
            "receivers[0].headers.A", "twice"
        ),
        (#"{"targets": [{"host": "a", "labels": {"target": "x"}}]}"#, "targets[0].labels.target", "by itself"),
        (#"{"defaults": {"labels": {"host": "x"}}, "targets": [{"host": "a"}]}"#, "defaults.labels.host", "by itself"),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "labels": {"from": "x"}}]}"#,
            "rules[0].labels.from", "by itself"
        ),
        (#"{"defaults": {"host": "x"}, "targets": [{"host": "a"}]}"#, "defaults.host", "give it to each"),
        (#"{"defaults": {"name": "x"}, "targets": [{"host": "a"}]}"#, "defaults.name", "give it to each"),
        (#"{"defaults": {"from": "x"}, "targets": [{"host": "a"}]}"#, "defaults.from", "give it to each"),
        (#"{"defaults": {"flows": 99}, "targets": [{"host": "a"}, {"host": "b"}]}"#, "defaults.flows", "1 to 64"),
        (
            #"{"defaults": {"colour": 9}, "targets": [{"host": "a"}, {"host": "b"}]}"#, "defaults.colour",
            "labels, mark"
        ),
        (#"{"defaults": 5, "targets": [{"host": "a"}]}"#, "defaults", "an object"),
        (#"{"targets": [{"host": "a", "name": ".."}]}"#, "targets[0].name", "neither . nor .."),
        (#"{"targets": [{"host": "a", "name": "."}]}"#, "targets[0].name", "neither . nor .."),
        (#"{"targets": [{"host": "a", "name": "a\u0000b"}]}"#, "targets[0].name", "no control characters"),
        (#"{"targets": [{"host": "a", "name": "a\nb"}]}"#, "targets[0].name", "no control characters"),
        (#"{"targets": [{"host": "a"}], "listen": ["bogus"]}"#, "listen[0]", "127.0.0.1:8081"),
        (#"{"targets": [{"host": "a"}], "listen": "127.0.0.1:80"}"#, "listen", "an array"),
        (#"{"targets": [{"host": "a"}], "external-url": "https://"}"#, "external-url", "a host"),
        (#"{"targets": [{"host": "a"}], "external-url": "https://x y\"><script>"}"#, "external-url", "a host"),
        (#"{"targets": [{"host": "a"}], "external-url": "https://x.example/?a"}"#, "external-url", "no ? or #"),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "targets": {"site": "x"}}]}"#, "rules[0].targets",
            "no target has these labels"
        ),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "receivers": []}]}"#, "rules[0].receivers",
            "nobody"
        ),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "slow", "limit": 150}]}"#, "rules[0].limit",
            "from 1us to 1m"
        ),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "slow", "limit": 0}]}"#, "rules[0].limit", "counts seconds"),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "webhook", "url": "http://127.1/x"}]}"#,
            "receivers[0].url", "four numbers"
        ),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "alertmanager", "url": "http://2130706433:80"}]}"#,
            "receivers[0].url", "four numbers"
        ),
        (#"{"targets": [{"host": "a"}, {"host": "a"}]}"#, "targets[1]", "two targets of the name a"),
        (#"{"targets": [{"host": "a"}], "colour": "red"}"#, "colour", "there is $schema, agents, databases"),
        (#"{"targets": [{"host": "a"}], "title": 7}"#, "title", "a text"),
        (#"{"targets": [{"host": "a"}], "external-url": "paths.example"}"#, "external-url", "https://"),
        (#"{"targets": [{"host": "a"}], "external-url": "https://x.example/a"}"#, "external-url", "no path"),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "loss", "limit": 100}]}"#, "rules[0].limit", "99"),
        (#"{"targets": [{"host": "a"}], "probes-per-second": 0}"#, "probes-per-second", "from 1"),
        (#"{"targets": [{"host": "a"}], "probes-per-second": 1.5}"#, "probes-per-second", "a whole number"),
        (#"{"targets": [{"host": "a"}], "group-wait": "2h"}"#, "group-wait", "to 1h"),
        (#"{"targets": [{"host": "a"}], "keep": {"samples": "1m"}}"#, "keep.samples", "from 1h"),
        (
            #"{"targets": [{"host": "a"}], "keep": {"weeks": "1d"}}"#, "keep.weeks",
            "there is days, events, minutes, quarters, samples"
        ),
        (#"{"targets": [{"host": "a"}], "rules": [{}]}"#, "rules[0]", "lost, loss, slower"),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "bad"}]}"#, "rules[0].when", "one of lost"),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "slow"}]}"#, "rules[0]", "needs a limit"),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "limit": "1s"}]}"#, "rules[0].limit", "no limit"),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "loss", "limit": 120}]}"#, "rules[0].limit", "0.0 to 99.0"),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "path", "failure-threshold": 3}]}"#,
            "rules[0].failure-threshold", "counted in rounds"
        ),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "failure-threshold": 0}]}"#,
            "rules[0].failure-threshold", "from 1"
        ),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "send-on-resolved": "no"}]}"#,
            "rules[0].send-on-resolved", "true or false"
        ),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "minimum-reminder-interval": 1}]}"#,
            "rules[0].minimum-reminder-interval", "from 1m"
        ),
        (#"{"targets": [{"host": "a"}], "rules": [{"when": "lost"}, {"when": "lost"}]}"#, "rules[1].name", "two rules"),
        (
            #"{"targets": [{"host": "a"}], "rules": [{"when": "lost", "receivers": ["ops"]}]}"#,
            "rules[0].receivers[0]", "there is none"
        ),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "pigeon"}]}"#, "receivers[0].type",
            "webhook"
        ),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "webhook"}]}"#, "receivers[0].url",
            "https://hooks"
        ),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "webhook", "url": "https://x.example", "headers": {"Host": "y"}}]}"#,
            "receivers[0].headers.Host", "set by the program"
        ),
        (
            #"{"targets": [{"host": "a"}], "receivers": [{"name": "x", "type": "output"}, {"name": "x", "type": "output"}]}"#,
            "receivers[1].name", "two receivers"
        ),
    ]

    @Test func `every mistake has its place, and what is allowed`() {
        for (text, path, reason) in Self.wrong {
            let found = Self.mistakes(text)
            #expect(found.count == 1, "\(text): \(found)")
            #expect(found.first?.path == path, "\(text): \(found)")
            #expect(found.first?.reason.contains(reason) ?? false, "\(text): \(found)")
        }
    }

    @Test func `all mistakes are told at once, with their lines`() {
        let found = Self.mistakes(
            """
            {
              "targets": [
                {"host": "a", "interval": "often"},
                {"host": "b",
                 "flows": 100}
              ],
              "rules": [{"when": "slow"}]
            }
            """)
        #expect(found.map(\.line) == [3, 5, 7])
        #expect(found.map(\.path) == ["targets[0].interval", "targets[1].flows", "rules[0]"])
    }

    /// Settings with some of everything.
    static let everything = #"""
        {"$schema": "schema/watch.json",
         "targets": [{"host": "a", "name": "a/b ü", "labels": {"site": "x"}}, {"host": "b", "from": "berlin"}],
         "vantage-points": "others.json", "probes-per-second": 1e3, "external-url": "https://x.example:80/",
         "listen": ["[::1]:80", ":8081"], "keep": {"events": "2y"},
         "rules": [{"when": "lost", "targets": {"from": "berlin"}}, {"when": "loss", "targets": {"host": "a"}},
                   {"when": "path", "targets": {"target": "a/b ü", "from": "here", "site": "x"}}]}
        """#

    @Test func `what works is taken`() throws {
        let settings = try WatchSettings(parsing: Array(Self.everything.utf8))
        #expect(settings.probesPerSecond == 1_000)
        #expect(settings.externalURL == "https://x.example:80")
        #expect(settings.listen.map(\.description) == ["[::1]:80", "[::]:8081"])
        #expect(settings.retention.events == .seconds(2 * 365 * 86_400))
        let fits = settings.rules.map { rule in settings.targets.map(rule.fits) }
        #expect(fits == [[false, true], [true, false], [true, false]])
    }

    @Test func `files that are named are read if that is asked for`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = ["others.json", "net.txt", "none", "key"].map { folder.appendingPathComponent($0).path }
        try Data(#"[{"name": "berlin", "url": "https://glass.example"}]"#.utf8).write(
            to: URL(fileURLWithPath: names[0]))
        try Data("router 7 7 7".utf8).write(to: URL(fileURLWithPath: names[1]))
        func text(_ vantage: String, _ network: String, _ database: String) -> [UInt8] {
            Array(
                #"""
                {"vantage-points": "\#(vantage)", "network": "\#(network)", "databases": ["demo", "\#(database)"],
                 "targets": [{"host": "a", "from": ["here", "berlin", "tokyo"]}]}
                """#.utf8)
        }
        let wrong = text(names[2], names[1], names[2])
        #expect(throws: Never.self) { try WatchSettings(parsing: wrong) }
        let mistakes = #expect(throws: SettingsMistakes.self) { try WatchSettings(parsing: wrong, opensFiles: true) }
        #expect(Set(mistakes?.all.map(\.path) ?? []) == ["vantage-points", "network", "databases[1]"])
        try Data(" short\n".utf8).write(to: URL(fileURLWithPath: names[3]))
        for (file, words) in [(names[2], "none"), (names[3], "5 bytes, which can be guessed")] {
            let key = #expect(throws: SettingsMistakes.self) {
                try WatchSettings(
                    parsing: Array(#"{"targets": [{"host": "a"}], "mesh-key-file": "\#(file)"}"#.utf8),
                    opensFiles: true)
            }
            #expect(key?.all.first?.path == "mesh-key-file" && key?.all.first?.reason.contains(words) ?? false)
        }
        let place = #expect(throws: SettingsMistakes.self) {
            try WatchSettings(parsing: text(names[0], "demo", "demo"), opensFiles: true)
        }
        #expect(place?.all.map(\.path) == ["targets[0].from[2]"])
        #expect(place?.all.first?.reason.contains("there is here, berlin") ?? false)
    }

    @Test func `what is not said is as the defaults have it`() throws {
        let settings = try WatchSettings(
            parsing: Array(
                #"""
                {"defaults": {"interval": "5s", "method": "tcp", "port": 443, "labels": {"site": "a", "team": "b"}},
                 "targets": [{"host": "one.example", "labels": {"site": "c"}},
                             {"name": "two", "host": "two.example", "interval": 1, "from": ["here", "berlin"]}],
                 "keep": {"samples": "2d", "days": null}, "vantage-points": "others.json"}
                """#.utf8))
        #expect(settings.targets.map(\.name) == ["one.example", "two from here", "two from berlin"])
        #expect(settings.targets[0].labels == ["site": "c", "team": "b"])
        #expect(settings.targets[0].request.transport == .tcp(port: 443))
        #expect(settings.targets.map(\.from) == [nil, nil, "berlin"])
        guard case .monitor(let first) = settings.targets[0].request.work,
            case .monitor(let second) = settings.targets[1].request.work
        else {
            Issue.record("a target is watched")
            return
        }
        #expect(first.interval == .seconds(5) && second.interval == .seconds(1) && second.rounds == nil)
        #expect(settings.retention.rounds == .seconds(2 * 86_400) && settings.retention.days == nil)
    }

    @Test func `the demo is sound`() throws {
        let settings = try WatchSettings(parsing: Array(WatchDemo.settings.utf8))
        #expect(settings.targets.count == 5 && settings.rules.count == 4)
        _ = try WatchDemo.internet(nil, name: "demo", at: .epoch)
    }

    @Test func `of many vantage points give each its targets, and in a mesh the others`() throws {
        let text = #"""
            {"defaults": {"interval": "2s", "method": "tcp", "port": 443}, "mesh": true,
             "agents": [{"name": "tokyo", "host": "tokyo.example", "labels": {"region": "asia"}},
                        {"name": "lisbon", "host": "lisbon.example", "labels": {"region": "europe"}},
                        {"name": "roof"}],
             "targets": [{"host": "web.example"}, {"host": "asia.example", "agents": {"region": "asia"}},
                         {"host": "one.example", "agents": {"name": "roof"}}]}
            """#
        let settings = try WatchSettings(parsing: Array(text.utf8))
        func names(_ agent: String) throws -> [String] { try settings.selected(for: agent).targets.map(\.name) }
        #expect(try names("tokyo") == ["web.example", "asia.example", "lisbon"])
        #expect(try names("lisbon") == ["web.example", "tokyo"])
        #expect(try names("roof") == ["web.example", "one.example", "tokyo", "lisbon"])
        let mesh = try #require(try settings.selected(for: "roof").targets.last)
        #expect(mesh.host == "lisbon.example" && mesh.labels == ["region": "europe"])
        #expect(mesh.request.transport == .tcp(port: 443) && mesh.request.targets == ["lisbon.example"])
        #expect { try settings.selected(for: "oslo") } throws: { error in
            "\(error)".contains("oslo") && "\(error)".contains("tokyo, lisbon, roof") && "\(error)".contains("--name")
        }
        // Packets are counted between those who know where the other is.
        #expect(try settings.selected(for: "tokyo").meshHosts == ["lisbon": "lisbon.example"])
        #expect(try settings.selected(for: "roof").meshHosts.isEmpty)
        // Without a list, everybody may have them, under any name.
        let plain = try WatchSettings(
            parsing: Array(#"{"targets": [{"host": "a", "agents": {"name": "x"}}, {"host": "b"}]}"#.utf8))
        #expect(try plain.selected(for: "x").targets.map(\.host) == ["a", "b"])
        #expect(try plain.selected(for: "y").targets.map(\.host) == ["b"])
    }
}
