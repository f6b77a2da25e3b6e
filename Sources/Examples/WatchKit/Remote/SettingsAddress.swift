package import TraceCore
internal import TraceCoreCommandLine
internal import TraceCoreFleet
internal import TraceCoreHTTP
internal import TraceCoreReceivers

/// Where many vantage points have their settings from: an address of `http` or `https`.
package struct SettingsAddress: Sendable {
    /// The whole address; its path and its query may be secrets.
    package let url: String

    /// The address that a text is; nil if it is none, but the name of a file.
    package init?(_ text: String) {
        guard text.wholeMatch(of: #/[Hh][Tt][Tt][Pp][Ss]?:\/\/.+/#) != nil else { return nil }
        url = text
    }

    /// What messages call it.
    package var place: String { HTTPClient.Request(url).place }

    /// The address of this machine, where it is meant: it is asked there and nowhere else, and no proxy is.
    var ownAddress: IPAddress? {
        let host =
            authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        if host.lowercased() == "localhost" { return IPAddress(127, 0, 0, 1) }
        return IPAddress(String(host)).flatMap { $0.range == .loopback ? $0 : nil }
    }

    /// Whether nobody on the way can make other settings of it: it is encrypted, or never leaves this machine.
    package var isSafe: Bool { url.lowercased().hasPrefix("https:") || ownAddress != nil }

    private var authority: Substring {
        let rest = url.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#\\".contains($0) }
        return rest.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    }

    /// The settings in what came from there.
    ///
    /// - Throws: What is wrong in them, or that they may not come this way.
    package func settings(in bytes: [UInt8]) throws(ProbeError) -> WatchSettings {
        let settings: WatchSettings
        do throws(SettingsMistakes) {
            settings = try WatchSettings(parsing: bytes, opensFiles: true)
        } catch {
            throw ProbeError(.badInput, error.all.map { "\(place): \($0)" }.joined(separator: "\n"))
        }
        guard !isSafe else { return settings }
        let remedy = "Serve the settings by https, or from this machine"
        if let receiver = settings.receivers.first(where: { $0.kind == .command }) {
            throw ProbeError(
                .badInput,
                "\(place): the receiver \(UntrustedText(receiver.name).word) starts a program, and these settings came by plain http: "
                    + "anybody on the way could start any program here", remedy: remedy)
        }
        if settings.ship?.engine.passwordFile != nil {
            throw ProbeError(
                .badInput,
                "\(place): ship.clickhouse.passwordFile sends what is in a file, and these settings came by plain http: anybody "
                    + "on the way could have any file of this machine sent", remedy: remedy)
        }
        if settings.meshKeyFile != nil {
            throw ProbeError(
                .badInput,
                "\(place): mesh-key-file signs packets with what is in a file, and these settings came by plain http: anybody on the "
                    + "way could guess at any file of this machine", remedy: remedy)
        }
        return settings
    }
}
