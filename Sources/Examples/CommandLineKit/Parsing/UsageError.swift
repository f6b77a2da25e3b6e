/// A mistake in a command line, in words for the person who typed it.
public struct UsageError: Error, Hashable, CustomStringConvertible {
    /// What happened, with the text that was given.
    public let message: String

    /// What was probably meant, where that can be guessed.
    public let suggestion: String?

    /// An error with its message and, where there is one, what was probably meant.
    public init(_ message: String, suggestion: String? = nil) {
        self.message = message
        self.suggestion = suggestion
    }

    /// An error about a word, which suggests the candidate that is closest to it.
    public init(_ message: String, word: String, candidates: [String]) {
        self.init(message, suggestion: word.nearest(in: candidates))
    }

    /// No host was given.
    public static let noHost = UsageError("which host? None was given")

    /// The message and the suggestion in one line.
    public var description: String {
        suggestion.map { "\(message); did you mean \($0)?" } ?? message
    }
}

extension String {
    /// A text from outside, between quotes, with nothing in it that a terminal would obey.
    var quotedForMessage: String {
        let limit = 80
        var shown = "\""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .privateUse:
                shown += scalar.escaped(asASCII: true)
            default:
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown + (unicodeScalars.count > limit ? "…\"" : "\"")
    }
}
