extension String {
    /// The text as one word of any of the three shells.
    ///
    /// Inside single quotes fish alone gives the backslash a meaning, so it is kept out of them.
    var shellQuoted: String {
        var quoted = "'"
        for character in self {
            switch character {
            case "'": quoted += "'\\''"
            case "\\": quoted += "'\\\\'"
            default: quoted.append(character)
            }
        }
        return quoted + "'"
    }

    /// The text as part of a function's name.
    var shellIdentifier: String {
        String(map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
