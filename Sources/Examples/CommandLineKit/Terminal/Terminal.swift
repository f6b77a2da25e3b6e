internal import Glibc

/// What is at the end of one of the standard streams, and how much of it can be used.
public struct Terminal: Sendable {
    /// What standard output leads to.
    public static let output = Terminal(descriptor: STDOUT_FILENO)

    /// What standard error leads to, where progress belongs.
    public static let error = Terminal(descriptor: STDERR_FILENO)

    let descriptor: Int32
    private let environment: @Sendable (String) -> String?

    /// The stream of a descriptor.
    public init(descriptor: Int32) {
        self.init(descriptor: descriptor) { name in getenv(name).map { String(cString: $0) } }
    }

    /// The stream of a descriptor in an environment of its own.
    public init(descriptor: Int32, environment: @escaping @Sendable (String) -> String?) {
        self.descriptor = descriptor
        self.environment = environment
    }

    /// Whether a person is looking on.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The columns: the terminal's own, or `COLUMNS`, or 80; asked for anew each time, as windows change.
    public var width: Int { size?.columns ?? number("COLUMNS") ?? 80 }

    /// The rows: the terminal's own, or `LINES`, or 24.
    public var height: Int { size?.rows ?? number("LINES") ?? 24 }

    /// Whether to use colour.
    ///
    /// A choice on the command line goes before `NO_COLOR`, as no-color.org asks for.
    public func allowsColor(_ choice: ColorChoice = .auto) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: allowsAnimation && (environment("NO_COLOR") ?? "").isEmpty
        }
    }

    /// Whether lines can be redrawn in place.
    public var allowsAnimation: Bool { isTerminal && environment("TERM") != "dumb" }

    /// Whether it shows more than ASCII, as the person's locale says.
    public var allowsUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? ""
        let encoding = locale.uppercased().filter { $0 != "-" }
        return encoding.contains("UTF8")
    }

    /// The size that the terminal reports; some report zero, and have none.
    private var size: (columns: Int, rows: Int)? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return nil
        }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    private func number(_ name: String) -> Int? {
        environment(name).flatMap(Int.init).flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
}

/// When colour is used: the values of `--color`.
public enum ColorChoice: String, Sendable, Hashable, CaseIterable {
    /// On a terminal that can show it, unless `NO_COLOR` is set.
    case auto
    /// Always, in a file or pipe as well.
    case always
    /// Never.
    case never
}
