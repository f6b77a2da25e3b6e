internal import TraceCoreHTTP
internal import TraceCore

/// Who is told, and how. What is secret of it (addresses, tokens, keys) is in no description.
public struct Receiver: Sendable {
    /// How a receiver is told.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A request to a server, signed as Standard Webhooks says.
        case webhook
        /// A request to an Alertmanager.
        case alertmanager
        /// A program that is started.
        case command
        /// A line on standard output.
        case output
    }

    /// What a webhook says.
    public enum Body: String, Sendable, Hashable, CaseIterable {
        /// The alert, as Standard Webhooks recommends it.
        case tracecore
        /// The report of the monitoring script.
        case report
        /// The alert as a structured CloudEvent 1.0.
        case cloudevents
        /// What Alertmanager sends to its webhooks (version 4).
        case alertmanager
    }

    enum Way {
        case webhook(Endpoint, [WebhookSecret], Body)
        case alertmanager(Endpoint)
        case command([String])
        case output
    }

    /// Its name.
    public let name: String
    let way: Way
    /// The address of the pages of this program, for bodies that say where they come from.
    public var externalURL: String?

    /// How it is told.
    public var kind: Kind {
        switch way {
        case .webhook: .webhook
        case .alertmanager: .alertmanager
        case .command: .command
        case .output: .output
        }
    }

    /// Whether a client of HTTP is needed for it.
    public var usesHTTP: Bool { endpoint != nil }

    /// How often it wants to hear again of what is still wrong; nil for once. Alertmanager forgets, after five minutes
    /// unless it is set up otherwise, what it is not told again.
    public var refreshInterval: Duration? { kind == .alertmanager ? .seconds(60) : nil }

    /// Whether a message tells a state and not an event: then only the newest one of an alert is worth a try.
    public var wantsNewestOnly: Bool { kind == .alertmanager }

    var endpoint: Endpoint? {
        switch way {
        case .webhook(let endpoint, _, _), .alertmanager(let endpoint): endpoint
        case .command, .output: nil
        }
    }
}

extension Receiver: CustomStringConvertible, CustomReflectable {
    /// The name, the kind, and the server's place or the program.
    public var description: String {
        let place =
            switch way {
            case .webhook(let endpoint, _, _), .alertmanager(let endpoint):
                " at \(HTTPClient.Request(endpoint.url).place)"
            // Its arguments may be secrets.
            case .command(let words): " \(UntrustedText(words[0]).word)"
            case .output: ""
            }
        return "\(UntrustedText(name).word) (\(kind.rawValue)\(place))"
    }

    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
