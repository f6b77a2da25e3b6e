package import TraceCore

/// What is wrong in a file of settings: where, what, and what is allowed.
public struct SettingsMistake: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place, as `targets[2].interval`.
    public let path: String
    /// The line, counted from 1.
    public let line: Int
    /// What is wrong, and what is allowed.
    public let reason: String

    /// A mistake.
    package init(path: String, line: Int, reason: String) { (self.path, self.line, self.reason) = (path, line, reason) }

    /// `line 12, targets[2].interval: …`
    public var description: String { "line \(line)\(path.isEmpty ? "" : ", \(path)"): \(reason)" }
}

/// All that is wrong in a file of settings.
package struct SettingsMistakes: Error, Sendable, CustomStringConvertible {
    /// In the order of their lines.
    package let all: [SettingsMistake]

    package init(all: [SettingsMistake]) { self.all = all }

    /// A line for each.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}

/// A value in a file of settings, with its place. It notes what is wrong and goes on, so that all mistakes are told at once.
package struct SettingsNode {
    /// What all nodes of a file share.
    package final class File {
        private let lines: [String: Int]
        package fileprivate(set) var mistakes: [SettingsMistake] = []

        init(_ lines: [String: Int]) { self.lines = lines }

        func line(of path: String) -> Int {
            var path = path
            while true {
                if let line = lines[path] { return line }
                // What is missing is told where it should be.
                guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return lines[""] ?? 1 }
                path = String(path[..<end])
            }
        }
    }

    package let value: JSON.Value
    package let path: String
    package let file: File

    /// The value of a file.
    ///
    /// - Throws: Where it is no JSON.
    package init(parsing bytes: [UInt8]) throws(SettingsMistake) {
        do throws(JSON.Failure) {
            value = try JSON.Value(parsing: bytes)
        } catch {
            throw SettingsMistake(path: "", line: error.line, reason: "this is no JSON: \(error.message)")
        }
        path = ""
        file = File(SettingsLines(bytes).all)
        noteRepetitions()
    }

    /// Notes each name that an object has twice, however deep it is: nobody knows which of the two is meant.
    private func noteRepetitions() {
        switch value {
        case .object:
            var names: Set<String> = []
            for (name, node) in anyMembers {
                if !names.insert(name).inserted { node.note("it is there twice") }
                node.noteRepetitions()
            }
        case .array: for node in elements { node.noteRepetitions() }
        default: return
        }
    }

    private init(_ value: JSON.Value, _ path: String, _ file: File) {
        (self.value, self.path, self.file) = (value, path, file)
    }

    /// The line in which it begins.
    package var line: Int { file.line(of: path) }

    /// Notes a mistake at a place within.
    package func note(_ reason: String, at place: String = "") {
        let path = place.isEmpty ? path : path.isEmpty || place.hasPrefix("[") ? path + place : "\(path).\(place)"
        let mistake = SettingsMistake(path: path, line: file.line(of: path), reason: reason)
        // What is told of many targets and is said once for all of them.
        if !file.mistakes.contains(mistake) { file.mistakes.append(mistake) }
    }

    /// What is written, as it is shown in a mistake.
    private var shown: String {
        let text = (try? JSON.text(value)) ?? ""
        return text.count > 60 ? "\(UntrustedText(String(text.prefix(60))).escaped)…" : UntrustedText(text).escaped
    }

    private func refuse<Value>(_ expected: String, or fallback: Value) -> Value {
        note("\(shown) is not what is wanted here: \(expected)")
        return fallback
    }

    // MARK: Objects

    /// Whether it is an object; if not, that is a mistake.
    package var isObject: Bool {
        if case .object = value { return true }
        return refuse("an object", or: false)
    }

    /// The members of an object, which has no others than these.
    package func members(_ allowed: [String]) -> [String: SettingsNode] {
        guard case .object(let members) = value else { return refuse("an object", or: [:]) }
        var found: [String: SettingsNode] = [:]
        for member in members {
            let place = path.isEmpty ? member.name : "\(path).\(member.name)"
            let node = SettingsNode(member.value, place, file)
            guard allowed.contains(member.name) else {
                node.note("there is no such setting; there is \(allowed.sorted().joined(separator: ", "))")
                continue
            }
            found[member.name] = node
        }
        return found
    }

    /// All members of an object, whatever they are called.
    package var anyMembers: [(name: String, node: SettingsNode)] {
        guard case .object(let members) = value else { return refuse("an object", or: []) }
        return members.map { ($0.name, SettingsNode($0.value, path.isEmpty ? $0.name : "\(path).\($0.name)", file)) }
    }

    /// The elements of an array.
    package var elements: [SettingsNode] {
        guard case .array(let values) = value else { return refuse("an array", or: []) }
        return values.enumerated().map { SettingsNode($1, "\(path)[\($0)]", file) }
    }

    // MARK: Values

    package func text(_ what: String = "a text") -> String {
        guard case .string(let text) = value, !text.isEmpty else { return refuse(what, or: "") }
        return text
    }

    package func integer(_ range: ClosedRange<Int>) -> Int {
        let number: Int? =
            switch value {
            case .integer(let number): Int(number)
            case .double(let number): Int(exactly: number)
            default: nil
            }
        guard let number, range.contains(number) else {
            return refuse("a whole number from \(range.lowerBound) to \(range.upperBound)", or: range.lowerBound)
        }
        return number
    }

    package func number(_ range: ClosedRange<Double>) -> Double {
        let number: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .double(let number): number
            default: nil
            }
        guard let number, range.contains(number) else {
            return refuse("a number from \(range.lowerBound) to \(range.upperBound)", or: range.lowerBound)
        }
        return number
    }

    package var flag: Bool {
        guard case .bool(let flag) = value else { return refuse("true or false", or: false) }
        return flag
    }

    /// A time: a number of seconds, or a text such as `200ms`, `90s`, `5m`, `12h`, `30d` or `1y`.
    package func time(_ range: ClosedRange<Duration>) -> Duration {
        let time: Duration? =
            switch value {
            case .integer(let seconds): (0...100_000_000_000).contains(seconds) ? .seconds(seconds) : nil
            case .double(let seconds): Duration(milliseconds: seconds * 1_000)
            case .string(let text): Duration(settingText: text)
            default: nil
            }
        guard let time, range.contains(time) else {
            return refuse(
                "a time from \(range.lowerBound.settingText) to \(range.upperBound.settingText), such as 30s, 5m or 12h; a bare "
                    + "number counts seconds", or: range.lowerBound)
        }
        return time
    }

    package func choice<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> Value?
    where Value.RawValue == String {
        if case .string(let text) = value, let value = Value(rawValue: text) { return value }
        return refuse("one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))", or: nil)
    }

    package func texts(_ what: String = "an array of texts") -> [String] {
        guard case .array = value else { return refuse(what, or: []) }
        return elements.map { $0.text() }
    }

    /// Labels: an object of texts.
    ///
    /// - Parameter isOwn: Whether they are given, and not looked for: then none takes the place of what a target has anyway.
    package func labels(isOwn: Bool) -> [String: String] {
        var labels: [String: String] = [:]
        for (name, node) in anyMembers {
            let isName = name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
            guard isName, !name.isEmpty, !(name.first?.isNumber ?? true) else {
                node.note("a label is named by letters, digits and _, and begins with no digit")
                continue
            }
            if isOwn, ["target", "host", "from"].contains(name) {
                node.note("every target has this label by itself; give yours another name")
                continue
            }
            labels[name] = node.text()
        }
        return labels
    }

    /// A value of a type that reads itself.
    package func decoded<Value: Decodable>(_ type: Value.Type) -> Value? {
        do {
            return try JSON.decode(type, from: JSON.encode(value))
        } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.valueNotFound(_, let context)
        {
            let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            note(context.debugDescription, at: place.hasPrefix(".") ? String(place.dropFirst()) : place)
        } catch {
            note("\(error)")
        }
        return nil
    }
}

extension Duration {
    private static let days: [Character: Int] = ["d": 1, "w": 7, "y": 365]

    /// The time that a text such as `200ms`, `90s`, `12h`, `30d` or `1y` spells.
    package init?(settingText text: String) {
        if let last = text.last, let factor = Self.days[last], let number = Int(text.dropLast()),
            (0...36_500).contains(number)
        {
            self = .seconds(number * factor * 86_400)
        } else {
            self.init(requestText: text)
        }
    }

    /// The time in the largest unit in which it is a whole number.
    package var settingText: String {
        let seconds = components.seconds
        for (length, name) in [(86_400, "d"), (3_600, "h"), (60, "m")] as [(Int64, String)]
        where seconds >= length && seconds % length == 0 { return "\(seconds / length)\(name)" }
        if seconds > 0 { return "\(seconds)s" }
        return self < .milliseconds(1) && self > .zero
            ? "\(Int(self / .microseconds(1)))us" : "\(Int(self / .milliseconds(1)))ms"
    }
}

/// In which line each value of a document of JSON begins.
private struct SettingsLines {
    private(set) var all: [String: Int] = [:]
    private var parser: JSONParser
    private var line = 1
    private var counted = 0

    init(_ bytes: [UInt8]) {
        parser = JSONParser(bytes: bytes)
        // The document has been read before, so it is JSON.
        try? note("")
    }

    private mutating func note(_ path: String) throws(JSON.Failure) {
        parser.skipSpace()
        while counted < parser.position {
            if parser.bytes[counted] == 0x0A { line += 1 }
            counted += 1
        }
        all[path] = line
        guard parser.position < parser.bytes.count else { return }
        switch parser.bytes[parser.position] {
        case UInt8(ascii: "{"):
            _ = parser.take(UInt8(ascii: "{"))
            parser.skipSpace()
            if parser.take(UInt8(ascii: "}")) { return }
            repeat {
                parser.skipSpace()
                let name = try parser.string()
                parser.skipSpace()
                _ = parser.take(UInt8(ascii: ":"))
                try note(path.isEmpty ? name : "\(path).\(name)")
                parser.skipSpace()
            } while parser.take(UInt8(ascii: ","))
            _ = parser.take(UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            _ = parser.take(UInt8(ascii: "["))
            parser.skipSpace()
            if parser.take(UInt8(ascii: "]")) { return }
            var index = 0
            repeat {
                try note("\(path)[\(index)]")
                index += 1
                parser.skipSpace()
            } while parser.take(UInt8(ascii: ","))
            _ = parser.take(UInt8(ascii: "]"))
        case UInt8(ascii: "\""): _ = try parser.string()
        case UInt8(ascii: "t"): try parser.expect("true")
        case UInt8(ascii: "f"): try parser.expect("false")
        case UInt8(ascii: "n"): try parser.expect("null")
        default: _ = try parser.numeral()
        }
    }
}
