/// The version of this package: all programs have the same one.
public enum Release {
    /// The version.
    public static let version = "0.1.0"
    /// The day of the version, for manual pages.
    public static let date = "2026-11-20"
    /// The name and the version in one word, for formats that say who wrote them.
    public static let product = "TraceCore-\(version)"
}
