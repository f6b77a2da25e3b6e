internal import GeoKit
internal import TraceCore

/// A file that pages need: its name has a digest of its content, so browsers may keep it for ever.
public struct Asset: Sendable {
    /// The last part of its path.
    public let name: String
    /// Its kind.
    public let type: String
    /// Its bytes.
    public let bytes: [UInt8]

    /// Where pages find it.
    var link: Link { Link(["assets", name]) }

    private init(_ name: String, _ ending: String, type: String, _ bytes: [UInt8]) {
        // FNV-1a: it tells versions apart and need not resist anybody.
        let digest = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        self.name = "\(name)-\(String(digest, radix: 36)).\(ending)"
        self.type = type
        self.bytes = bytes
    }

    /// The style of all pages, with that of charts and maps.
    static let style = Asset(
        "page", "css", type: "text/css; charset=utf-8",
        PackageResources.page_css + Array(ChartStyle.css.utf8) + Array(GeoMap.styleSheet.utf8))
    /// The script of all pages.
    static let script = Asset("page", "js", type: "text/javascript; charset=utf-8", PackageResources.page_js)
    /// The picture in a browser's tab.
    static let icon = Asset("icon", "svg", type: "image/svg+xml", PackageResources.icon_svg)

    /// All files.
    public static let all = [style, script, icon]
}
