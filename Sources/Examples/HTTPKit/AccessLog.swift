public import TraceCore

/// Writes a line for each request, in a form that other programs read. Nothing that a stranger wrote can end a line, leave
/// its place or reach a terminal as more than letters.
public enum AccessLog: String, Sendable, CaseIterable {
    /// The form of Apache and nginx that is called combined, in which what is not plain ASCII is `\xE2`, as nginx writes it.
    case combined
    /// A JSON object.
    case json

    /// The line for a request that was answered at a time, with its end.
    public func line(for record: HTTPServer.Record, at time: UTCTime, user: String? = nil) -> [UInt8] {
        let request = record.request
        let path = request.map { $0.target.path + ($0.target.query.map { "?" + $0 } ?? "") }
        let version = request.map { $0.version == .v1_1 ? "HTTP/1.1" : "HTTP/1.0" }
        switch self {
        case .json:
            let entry = Entry(
                time: time.description, client: record.client?.description, user: user, method: request?.method,
                host: request?.host, path: path, version: version, status: record.status.code, bytes: record.bytes,
                seconds: record.time.inMilliseconds / 1_000, isWhole: record.isWhole,
                referer: request?.fields.first("referer"), userAgent: request?.fields.first("user-agent"))
            return ((try? JSON.encode(entry)) ?? Array("{}".utf8)) + [0x0A]
        case .combined:
            // "Sun, 29 Nov 2026 22:25:17 GMT"
            let date = HTTPDate.text(of: time.microsecondsSince1970 / 1_000_000).split(separator: " ")
            let words = request.map { "\($0.method) \(path ?? "") \(version ?? "")" }
            let stamp = date.count > 4 ? "\(date[1])/\(date[2])/\(date[3]):\(date[4]) +0000" : "-"
            let line =
                "\(record.client?.description ?? "-") - \(Self.quoted(user, isWord: true)) [\(stamp)] "
                + "\"\(Self.quoted(words))\" \(record.status.code) \(record.bytes) "
                + "\"\(Self.quoted(request?.fields.first("referer")))\" "
                + "\"\(Self.quoted(request?.fields.first("user-agent")))\"\n"
            return Array(line.utf8)
        }
    }

    private static func quoted(_ text: String?, isWord: Bool = false) -> String {
        guard let text, !text.isEmpty else { return "-" }
        var result: [UInt8] = []
        for octet in text.utf8 {
            let isPlain = (0x20..<0x7F).contains(octet) && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
            if isPlain, !isWord || octet != 0x20 {
                result.append(octet)
            } else {
                result += "\\x\(octet < 16 ? "0" : "")\(String(octet, radix: 16, uppercase: true))".utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private struct Entry: Encodable {
        let time: String
        let client, user, method, host, path, version: String?
        let status, bytes: Int
        let seconds: Double
        let isWhole: Bool
        let referer, userAgent: String?
    }
}
