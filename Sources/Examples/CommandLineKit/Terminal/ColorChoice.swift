/// When colour is used: the values of `--color`.
public enum ColorChoice: String, Sendable, Hashable, CaseIterable {
    /// On a terminal that can show it, unless `NO_COLOR` is set.
    case auto
    /// Always, in a file or pipe as well.
    case always
    /// Never.
    case never
}
