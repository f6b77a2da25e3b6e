import TraceCoreCommandLine
import Glibc
import TraceCore

/// The file in which a watch keeps what it knows of a path, so that the next one goes on from there.
///
/// A file is only replaced as a whole, and only if its contents were understood.
struct ChangeState {
    /// After a crash, at most this much of the watch is lost.
    private static let interval = Duration.seconds(60)
    /// A state has some kilobytes; a file larger than this is something else.
    private static let limit = 64 * 1024 * 1024

    let path: String
    private var lastWrite: ContinuousClock.Instant?
    /// Whether the warning that the file cannot be written was printed.
    private var hasWarned = false

    /// The state at a path; nothing is read yet.
    init(_ path: String) { self.path = path }

    /// What messages call the file.
    private var name: String { UntrustedText(path).word }

    // MARK: Reading

    /// The fold that was kept, or nil if there is no such file. Its limit is that of the settings, if they have one.
    func fold(for settings: ChangeReport.Fold.Settings) throws -> ChangeReport.Fold? {
        guard let fold = try fold() else { return nil }
        guard let limit = settings.limit, limit != fold.settings.limit else { return fold }
        let known = fold.settings.limit.map { "a limit of \($0.millisecondsText(decimals: 3)) ms" } ?? "no limit"
        throw ProbeError(
            .badInput, "\(name) was begun with \(known)",
            remedy: "Leave --limit out to go on with that, or give another file")
    }

    private func fold() throws -> ChangeReport.Fold? {
        if access(path, F_OK) != 0, errno == ENOENT { return nil }
        let bytes = try Input(path, limit: Self.limit).bytes()
        if let version = try? JSON.decode(Head.self, from: bytes).schemaVersion, version > SchemaVersion.current {
            throw ProbeError(
                .badInput,
                "\(name) holds a state of version \(version), and this mtr reads up to \(SchemaVersion.current)",
                remedy: "Use the newer mtr that wrote it, or give another file to begin anew")
        }
        do {
            return try JSON.decode(ChangeReport.Fold.self, from: bytes)
        } catch {
            let reason = (error as? DecodingError)?.explanation ?? "\(error)"
            throw ProbeError(
                .badInput, "\(name) holds no state of mtr --changes: \(UntrustedText(reason).escaped)",
                remedy: "Give the file that --state wrote, or one that is not there yet to begin anew")
        }
    }

    /// The version of any document of ours.
    private struct Head: Decodable {
        let schemaVersion: Int
    }

    /// Refuses to go on with another path than the one that was watched: everything would have changed.
    func check(
        _ fold: ChangeReport.Fold, goesOnWith target: ProbeTarget?, by method: ProbeMethod?, recordedAt time: UTCTime?
    ) throws {
        guard let known = fold.report()?.run else { return }
        if let time, let last = known.startedAt, time <= last {
            throw ProbeError(
                .badInput,
                "\(name) knows this recording, or a later one: it was begun at \(time.secondText), and the last one that the "
                    + "state has seen at \(last.secondText)",
                remedy: "Give recordings in their order, each once, or another file to begin anew")
        }
        guard known.target?.address == target?.address else {
            throw ProbeError(
                .badInput,
                "\(name) holds the path to \(Self.words(known.target)), and this one leads to \(Self.words(target))",
                remedy: "Give each target a file of its own; of a name with several addresses, watch one address")
        }
        guard known.method == method else {
            throw ProbeError(
                .badInput,
                "\(name) holds the path as \(Self.words(known.method)) sees it, and this is \(Self.words(method))",
                remedy: "Ask as before, or give each way of asking a file of its own")
        }
    }

    private static func words(_ target: ProbeTarget?) -> String {
        guard let target else { return "no target" }
        return target.name.map { "\(UntrustedText($0).word) (\(target.address))" } ?? "\(target.address)"
    }

    private static func words(_ method: ProbeMethod?) -> String {
        method.map { UntrustedText($0.rawValue).word } ?? "an unknown method"
    }

    // MARK: Writing

    /// Writes the state if the last time was a while ago.
    mutating func keepNowAndThen(_ fold: ChangeReport.Fold) {
        if let lastWrite, ContinuousClock.now - lastWrite < Self.interval { return }
        keepNow(fold)
    }

    /// Writes the state while the watch goes on. A failure is reported once and does not end the watch.
    mutating func keepNow(_ fold: ChangeReport.Fold) {
        do {
            try keep(fold)
        } catch {
            lastWrite = .now
            if !hasWarned { Output.error.print("mtr: \(error)") }
            hasWarned = true
        }
    }

    /// Writes the state in the place of what was there.
    mutating func keep(_ fold: ChangeReport.Fold) throws {
        let bytes = try JSON.encode(fold) + [UInt8(ascii: "\n")]
        try replaceFile(path, with: bytes, as: "The state")
        lastWrite = .now
    }
}
