/// What one Swift file of a library declares, imports and names.
struct SourceFile {
    /// A type that is declared outside of any other.
    struct TopLevelType: Equatable {
        let name: String
        let line: Int
        let isPublic: Bool
        /// Whether no other file can name it.
        let isPrivate: Bool
    }

    /// A name and its line.
    struct Mention: Equatable {
        let name: String
        let line: Int
    }

    /// The path from the root of the package.
    let path: String
    /// The folder of the library that the file is in; empty for a file beside the rooms.
    let room: String
    let source: SwiftTokens

    private(set) var types: [TopLevelType] = []
    /// The names that stand for something else in here: nested types, generic parameters, associated types.
    private(set) var nestedNames: Set<String> = []
    /// The names of types that are used, also by extending them, wherever they are declared.
    private(set) var uses: [Mention] = []
    private(set) var imports: [Mention] = []

    /// - Parameters:
    ///   - path: The path from the root of the package.
    ///   - room: The room that the file is in.
    ///   - module: The library: `Module.Type` is the use of a type, and `Outer.Type` is not.
    ///   - text: The source.
    init(path: String, room: String, module: String, text: String) {
        self.path = path
        self.room = room
        source = SwiftTokens(text)
        read(module: module)
    }

    private static let typeKeywords: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype",
    ]
    private static let modifiers: Set<String> = [
        "public", "open", "package", "internal", "private", "fileprivate", "final", "indirect", "nonisolated",
        "distributed",
    ]

    private mutating func read(module: String) {
        let tokens = source.tokens
        var depth = 0
        for index in tokens.indices {
            let token = tokens[index]
            let before = index > 0 ? tokens[index - 1].text : ""
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            if token.text == "import", depth == 0, before != ".", index + 1 < tokens.count {
                imports.append(Mention(name: tokens[index + 1].text, line: token.line))
            }
            if token.text == "func", before != ".", index + 2 < tokens.count {
                nestedNames.formUnion(genericParameters(after: index + 1))
            }
            guard token.isTypeName else { continue }
            if Self.typeKeywords.contains(before), index < 2 || tokens[index - 2].text != "." {
                nestedNames.formUnion(genericParameters(after: index))
                if depth == 0 {
                    types.append(topLevelType(token, keywordAt: index - 1))
                } else {
                    nestedNames.insert(token.text)
                }
            } else if before != "." || (index > 1 && tokens[index - 2].text == module) {
                uses.append(Mention(name: token.text, line: token.line))
            }
        }
    }

    private func topLevelType(_ token: SwiftTokens.Token, keywordAt keyword: Int) -> TopLevelType {
        var access: Set<String> = []
        var index = keyword - 1
        while index >= 0 {
            let text = source.tokens[index].text
            let isAttribute = index > 0 && source.tokens[index - 1].text == "@"
            guard Self.modifiers.contains(text) || isAttribute || text == "@" else { break }
            access.insert(text)
            index -= 1
        }
        return TopLevelType(
            name: token.text, line: token.line, isPublic: access.contains("public") || access.contains("open"),
            isPrivate: access.contains("private") || access.contains("fileprivate"))
    }

    /// The names between the angle brackets that follow the name at an index.
    private func genericParameters(after index: Int) -> Set<String> {
        var names: Set<String> = []
        var depth = 0
        for position in source.tokens.indices.dropFirst(index + 1) {
            let token = source.tokens[position]
            if token.text == "<" { depth += 1 }
            if depth == 0 { break }
            if token.text == ">" { depth -= 1 }
            if depth == 1, token.isTypeName, ["<", ",", "each", "let"].contains(source.tokens[position - 1].text) {
                names.insert(token.text)
            }
        }
        return names
    }
}
