/// The value of a field, as it is written in a query string or in JSON.
enum RequestValue: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case list([String])
    case time(Duration)

    /// What errors show of it.
    var shown: String {
        switch self {
        case .text(let text): text
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .list(let values): values.joined(separator: ",")
        case .time(let value): value.requestText
        }
    }
}

extension RequestValue: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([String].self) {
            self = .list(value)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A text, a number, true, false or a list of texts is wanted.")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .time(let value): try container.encode(value.requestText)
        }
    }
}

/// What a field can be, for reading it, for its schema and for errors.
enum RequestKind: Sendable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// Seconds, or a text with a unit.
    case time(ClosedRange<Duration>)
    case flag
    case choice([String])
    /// A text with rules of its own, in words.
    case text(String)
    case list

    /// The longest time that a field can have; the settings have their own limits.
    static let anyTime = Duration.zero ... .seconds(3_200_000_000)

    /// What is allowed, in words.
    var expectation: String {
        switch self {
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound) is wanted"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound) is wanted"
        case .time(let range):
            "a time from \(range.lowerBound.requestText) to \(range.upperBound.requestText) is wanted, as seconds or with "
                + "a unit such as 200ms"
        case .flag: "true or false is wanted"
        case .choice(let names): "one of \(names.joined(separator: ", ")) is wanted"
        case .text(let rule): rule
        case .list: "a list of texts is wanted"
        }
    }

    /// The value in the form that the field has, or nil if it cannot be that.
    func read(_ value: RequestValue) -> RequestValue? {
        switch (self, value) {
        case (.integer(let range), .integer(let value)): return range.contains(value) ? .integer(value) : nil
        case (.integer(let range), .number(let value)):
            return Int(exactly: value).flatMap { range.contains($0) ? .integer($0) : nil }
        case (.integer(let range), .text(let text)):
            // `Int` takes a plus sign; a query string has a space there.
            guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case (.number(let range), .integer(let value)):
            return range.contains(Double(value)) ? .number(Double(value)) : nil
        case (.number(let range), .number(let value)): return range.contains(value) ? .number(value) : nil
        case (.number(let range), .text(let text)):
            guard text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
                return nil
            }
            return Double(text).flatMap { range.contains($0) ? .number($0) : nil }
        case (.time(let range), _):
            return Duration(requestValue: value).flatMap { range.contains($0) ? .time($0) : nil }
        case (.flag, .flag): return value
        case (.flag, .text(let text)):
            return switch text {
            case "true", "1", "yes", "on": .flag(true)
            case "false", "0", "no", "off": .flag(false)
            default: nil
            }
        case (.choice(let names), .text(let text)): return names.contains(text) ? value : nil
        case (.choice(let names), .integer(let number)):
            return names.contains("\(number)") ? .text("\(number)") : nil
        case (.text, .text), (.list, .list): return value
        case (.text, .integer(let number)): return .text("\(number)")
        case (.list, .text(let text)):
            return .list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        default: return nil
        }
    }
}

extension Duration {
    /// The units of times in requests, longest first.
    private static let requestUnits: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
        ("ns", 1),
    ]

    /// The time in the largest unit in which it is a whole number: `200ms`.
    var requestText: String {
        let nanoseconds = wholeNanoseconds
        if nanoseconds == 0 { return "0s" }
        for unit in Self.requestUnits where nanoseconds % unit.nanoseconds == 0 {
            return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
        }
        return "\(nanoseconds)ns"
    }

    /// The time that a number of seconds is, or a text with or without a unit; nil for anything else.
    init?(requestValue: RequestValue) {
        switch requestValue {
        case .time(let time): self = time
        case .integer(let seconds):
            guard (0...3_200_000_000).contains(seconds) else { return nil }
            self = .seconds(seconds)
        case .number(let seconds):
            guard seconds >= 0, let time = Duration(milliseconds: seconds * 1_000) else { return nil }
            self = time
        case .text(let text):
            guard let time = Duration(requestText: text) else { return nil }
            self = time
        case .flag, .list: return nil
        }
    }

    /// Digits, perhaps a point and up to nine more, perhaps a unit; in integers, for 0.1 has no binary fraction.
    package init?(requestText text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let name = text.dropFirst(digits.count)
        guard let unit = Self.requestUnits.first(where: { $0.name == (name.isEmpty ? "s" : name) }) else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard parts.count <= 2, let whole = parts.first, (1...10).contains(whole.count), let number = Int128(whole),
            (1...9).contains(fraction.count), let rest = Int128(fraction)
        else { return nil }
        var scale: Int128 = 1
        for _ in fraction { scale *= 10 }
        let attoseconds = Int128(unit.nanoseconds) * 1_000_000_000
        self = Duration(attoseconds: number * attoseconds + rest * attoseconds / scale)
    }
}
