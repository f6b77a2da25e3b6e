internal import TraceCore
internal import TraceCoreCommandLine
package import TraceCoreHTTP
package import TraceCoreServer

/// Where a path is traced from, as the older monitoring script's `sources.json` lists it by country.
package enum TraceSource: Sendable {
    /// This machine.
    case here
    /// A looking glass of ours.
    case glass(VantagePoint)
    /// A web page with the text of a traceroute.
    case page(TraceWebPage)

    /// The country that stands for this machine.
    package static let thisMachine = "LO"

    /// The source of a country in a file.
    ///
    /// The file is an object, as the script has it: by country `url` and perhaps `post_data`, in which `_IP_ADDRESS_` stands
    /// for the host. An entry with `"type": "lookingglass"` is one of ours, with `url` and perhaps `token`. Or it is a list
    /// of looking glasses, whose `name` is the country.
    ///
    /// - Throws: What is wrong with the file, or which countries it has.
    package init(_ country: String, in file: String) throws {
        guard country != Self.thisMachine else {
            self = .here
            return
        }
        let input = Input(file, limit: 1 << 20)
        let value: JSON.Value
        do {
            value = try JSON.Value(parsing: input.bytes())
        } catch let error as InputError {
            throw error
        } catch {
            throw ProbeError(.badInput, "\(UntrustedText(file)) is no JSON: \(error)")
        }
        if case .array = value {
            let points = try VantagePoint.list(in: file)
            guard let point = points.first(where: { $0.name == country }) else {
                throw Self.missing(country, in: file, points.map(\.name))
            }
            self = .glass(point)
            return
        }
        guard case .object(let members) = value else {
            throw ProbeError(
                .badInput, "\(UntrustedText(file)) has no sources by country",
                remedy: #"Write {"US": {"url": "https://lg.example/trace?host=_IP_ADDRESS_"}}"#)
        }
        guard let entry = value[country] else { throw Self.missing(country, in: file, members.map(\.name)) }
        func refusal(_ what: String) -> ProbeError {
            ProbeError(.badInput, "\(UntrustedText(file)): \(UntrustedText(country).word): \(what)")
        }
        guard let url = entry["url"]?.text, url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw refusal("`url` is an address that begins with https:// or http://")
        }
        switch entry["type"]?.text {
        case "lookingglass": self = .glass(try VantagePoint(name: country, url: url, token: entry["token"]?.text))
        case nil, "page":
            var form: [(name: String, value: String)] = []
            switch entry["post_data"] {
            case .object(let fields)?:
                for field in fields {
                    guard let value = field.value.text else { throw refusal("`post_data` has texts only") }
                    form.append((field.name, value))
                }
            case nil: break
            default: throw refusal("`post_data` is an object of texts")
            }
            let page = TraceWebPage(name: country, url: url, form: form)
            guard page.namesHost else { throw refusal("`_IP_ADDRESS_` stands nowhere for the host") }
            self = .page(page)
        case let type?: throw refusal("\(UntrustedText(type).debugDescription) is neither page nor lookingglass")
        }
    }

    private static func missing(_ country: String, in file: String, _ names: [String]) -> ProbeError {
        let all = ([thisMachine] + names.filter { $0 != thisMachine }).prefix(40).map { UntrustedText($0).word }
        return ProbeError(
            .badInput, "\(UntrustedText(file)) has no \(UntrustedText(country).word)",
            remedy: "There is \(all.joined(separator: ", "))")
    }
}

/// A web page that traces a path and shows it in a `<pre>`.
package struct TraceWebPage: Sendable {
    /// Its name, for messages.
    package let name: String
    let url: String
    let form: [(name: String, value: String)]

    private static let placeholder = "_IP_ADDRESS_"
    /// The script's limit too.
    private static let mostBytes = 1 << 20

    var namesHost: Bool { ([url] + form.map(\.value)).contains { $0.contains(Self.placeholder) } }

    /// Asks the page for the path to a host.
    ///
    /// A page that is not whole when the time is over is read as far as it has come: such pages often wait long for the
    /// last hops.
    ///
    /// - Throws: Why there is no path.
    package func traceroute(to host: String, within time: Duration, by http: HTTPClient) async throws -> TracerouteText
    {
        var request = HTTPClient.Request(url.replacing(Self.placeholder, with: Self.encoded(host)))
        request.fields.add("User-Agent", "tracecore/\(Release.version)")
        if !form.isEmpty {
            request.method = "POST"
            request.fields.add("Content-Type", "application/x-www-form-urlencoded")
            request.body = Array(
                form.map { field in
                    "\(Self.encoded(field.name))="
                        + Self.encoded(field.value.replacing(Self.placeholder, with: host))
                }.joined(separator: "&").utf8)
        }
        request.time = time
        request.stallTime = nil
        do {
            let response = try await http.send(request)
            guard response.status.code == 200 else {
                throw failure("answers with status \(response.status.code)")
            }
            let (page, isWhole) = try await read(response.body)
            guard let text = TraceroutePage.traceroute(in: page) else {
                throw isWhole ? failure("has no traceroute in a <pre>") : late(after: time)
            }
            return text
        } catch let error as HTTPClient.Failure {
            guard error.code != .timeout else { throw late(after: time) }
            throw failure("is not to be read: \(error)")
        }
    }

    private func read(_ body: HTTPClient.Body) async throws(HTTPClient.Failure) -> (bytes: [UInt8], isWhole: Bool) {
        var bytes: [UInt8] = []
        let pieces = body.makeAsyncIterator()
        do throws(HTTPClient.Failure) {
            while let piece = try await pieces.next(isolation: nil) {
                bytes += piece
                if bytes.count >= Self.mostBytes { return (Array(bytes.prefix(Self.mostBytes)), true) }
            }
        } catch {
            guard error.code == .timeout else { throw error }
            return (bytes, false)
        }
        return (bytes, true)
    }

    private func late(after time: Duration) -> ProbeError {
        failure("had no hop to show when its \(time.secondsText(decimals: 0)) s were over")
    }

    private func failure(_ reason: String) -> ProbeError {
        ProbeError(.network, "The page of \(UntrustedText(name).word) \(reason)")
    }

    /// The text as a part of an address or a form (RFC 3986 section 2.3).
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: [byte]
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
