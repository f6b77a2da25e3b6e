internal import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreHTTP

/// A server of ClickHouse, by its HTTP interface.
package struct ClickHouse: Sendable {
    /// Where it is, and who asks.
    package struct Settings: Sendable, Hashable {
        package var url: String
        /// Its name: letters, digits and '_'.
        package var database = "pathwatch"
        package var user: String?
        /// The file with the password, which is read for each request: so it can be changed.
        package var passwordFile: String?

        package init(url: String) { self.url = url }

        /// The address without the slash that it may end with.
        var base: String { url.hasSuffix("/") ? String(url.dropLast()) : url }
    }

    /// Why it did not do what was asked.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        /// The number that ClickHouse gives to an error, where it said one.
        package let code: Int?
        package let message: String
        package let remedy: String?

        package var description: String { remedy.map { "\(message). \($0)" } ?? message }
    }

    /// An answer of rows has fewer bytes.
    private static let mostBytes = 256 << 20
    /// What it says of an error is a line or two.
    private static let mostErrorBytes = 16_384

    private let settings: Settings
    private let http: HTTPClient
    private let place: String

    /// A client.
    ///
    /// - Throws: That there is no libcurl.
    package init(_ settings: Settings) throws {
        self.settings = settings
        place = HTTPClient.Request(settings.url).place
        do { http = try HTTPClient() } catch {
            throw ProbeError(.unsupported, error.message, remedy: error.remedy)
        }
    }

    /// What is wrong with a row, and not with the server: ClickHouse's codes for what it cannot read.
    static let codesOfData: Set<Int> = [6, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 128, 131]

    /// Inserts rows; when this returns, the server has all of them.
    ///
    /// - Parameter rows: An object of JSON on each line.
    package func insert(_ rows: [UInt8], into table: String) async throws {
        guard !rows.isEmpty else { return }
        // A server that hands rows on to others answers when those have them; columns that are newer than the table are left out.
        let answer = try await send(
            rows,
            [
                "query=INSERT%20INTO%20\(table)%20FORMAT%20JSONEachRow", "insert_distributed_sync=1",
                "input_format_skip_unknown_fields=1",
            ])
        guard answer.allSatisfy({ $0 <= 32 }) else {
            let words = String(decoding: answer.prefix(200), as: UTF8.self).split(separator: "\n").first ?? ""
            throw Failure(
                code: nil,
                message: "\(place) answers \(UntrustedText(String(words)).description), where ClickHouse says nothing",
                remedy: "Is that ClickHouse's HTTP interface, and no other server or proxy?")
        }
    }

    /// The rows that a query gives.
    package func rows<Row: Decodable>(_ query: String, as type: Row.Type = Row.self) async throws -> [Row] {
        let bytes = try await send(
            Array("\(query) FORMAT JSONEachRow".utf8), ["output_format_json_quote_64bit_integers=0"])
        do {
            return try bytes.split(separator: 0x0A).map { try JSON.decode(Row.self, from: Array($0)) }
        } catch {
            // An error in the middle comes behind the rows that were there.
            let tail = String(decoding: bytes.suffix(2_000), as: UTF8.self)
            if let failure = failure(in: tail) { throw failure }
            throw Failure(
                code: nil, message: "\(place) gives rows that are none of ours: \(error)",
                remedy: "Are the tables those of `pathwatch schema clickhouse`?")
        }
    }

    private func send(_ body: [UInt8], _ options: [String]) async throws -> [UInt8] {
        let items = ["database=\(settings.database)"] + options
        var request = HTTPClient.Request(
            "\(settings.base)/?\(items.joined(separator: "&"))", method: "POST", body: body)
        if let user = settings.user { request.fields.add("X-ClickHouse-User", user) }
        if let file = settings.passwordFile {
            let text = String(decoding: try Input(file, limit: 4_096).bytes(), as: UTF8.self)
            request.fields.add("X-ClickHouse-Key", text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
        }
        request.time = .seconds(120)
        // It says nothing while it works.
        request.stallTime = .seconds(120)
        do {
            let response = try await http.send(request)
            guard response.status == .ok else {
                let text = String(decoding: try await response.body.bytes(atMost: Self.mostErrorBytes), as: UTF8.self)
                let words = text.split(separator: "\n").first.map {
                    ": \(UntrustedText(String($0.prefix(300))).description)"
                }
                throw failure(in: text)
                    ?? Failure(
                        code: nil, message: "\(place) answers with status \(response.status.code)\(words ?? "")",
                        remedy: "Is ClickHouse's HTTP interface there? Its port is 8123, if nothing else was said")
            }
            return try await response.body.bytes(atMost: Self.mostBytes)
        } catch let error as HTTPClient.Failure {
            if error.code == .cancelled { throw CancellationError() }
            throw Failure(code: nil, message: error.message, remedy: error.remedy)
        }
    }

    /// What it says is wrong, without the name of its exception.
    private func failure(in text: String) -> Failure? {
        guard let match = text.firstMatch(of: #/Code: (\d+)[.,] .*?(?:Exception: |e\.what\(\) = )/#)
        else { return nil }
        let code = Int(match.1)
        var words = text[match.range.upperBound...].prefix { $0 != "\n" }
        if let end = words.firstRange(of: ", e.what()") { words = words[..<end.lowerBound] }
        let remedy: String? =
            switch code {
            case 60, 81, 16: "Make the tables first: pathwatch schema clickhouse | clickhouse-client --multiquery"
            case 192, 193, 194, 516: "See user and passwordFile, and what the server's users.xml says"
            case 243: "Its disk is full"
            default: nil
            }
        return Failure(
            code: code, message: "ClickHouse at \(place) says: \(UntrustedText(String(words.prefix(500))).description)",
            remedy: remedy)
    }
}

extension ClickHouse {
    /// A text as a literal of SQL.
    static func quoted(_ text: String) -> String {
        var literal = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": literal += "\\\(scalar)"
            case "\0": literal += "\\0"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "'"
    }

    /// A time, to the second, as an expression of SQL.
    static func time(_ time: UTCTime) -> String {
        "toDateTime(\(max(0, min(4_294_967_295, time.microsecondsSince1970 / 1_000_000))))"
    }
}
