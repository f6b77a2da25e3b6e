import TraceCoreCommandLine
import Glibc

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
