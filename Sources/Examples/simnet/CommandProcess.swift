import TraceCoreCommandLine
import CTraceCoreNamespace
import Glibc
import TraceCore

/// A command that runs beside the simulated internet.
struct CommandProcess {
    private let process: pid_t

    /// A user that a command runs as, without any privilege.
    struct User: Sendable {
        let uid: UInt32
        let gid: UInt32
    }

    /// Why a command was not started, with the exit code that env(1) and others have for it.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        let exitCode: Int32
    }

    /// Starts a command, found as a shell finds it.
    init(_ words: [String], as user: User?) throws(Failure) {
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var failure = tracecore_namespace_failure()
        process = tracecore_namespace_start(&arguments, user == nil ? 0 : 1, user?.uid ?? 0, user?.gid ?? 0, &failure)
        guard process > 0 else {
            let reason = PrivateNetwork.message(failure.code)
            let name = UntrustedText(words.first ?? "")
            switch failure.step {
            case TRACECORE_NAMESPACE_EXECUTE:
                throw Failure(
                    description: "cannot run \(name): \(reason)", exitCode: failure.code == ENOENT ? 127 : 126)
            case TRACECORE_NAMESPACE_DROP:
                throw Failure(description: "cannot become the user of --user: \(reason); run as root", exitCode: 125)
            default: throw Failure(description: "cannot start a process: \(reason)", exitCode: 125)
            }
        }
    }

    /// Waits for its end, handing on signals, and ends what it left running: its exit code, as a shell gives it.
    func wait() -> Int32 {
        defer { tracecore_namespace_end_leftovers() }
        return tracecore_namespace_await(process)
    }
}

extension ValueKind where Value == CommandProcess.User {
    /// The name or number of a user.
    static var user: Self {
        Self("USER", expecting: "the name or number of a user", show: { "\($0.uid)" }) { text in
            if let number = UInt32(text) { return CommandProcess.User(uid: number, gid: number) }
            guard let entry = getpwnam(text) else { return nil }
            return CommandProcess.User(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
        }
    }
}
