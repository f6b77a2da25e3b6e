import Foundation
import Testing

@Suite(.onItsOwnThread) struct `What a person may get wrong with simnet` {
    /// Command lines, and a part of what is said; none of them needs a privilege.
    static let mistakes: [([String], String)] = [
        ([], "topology is missing"),
        (["/no/such/file", "--", "true"], "there is no such file"),
        (["demo", "--hosts"], "--hosts is about a command"),
        (["demo", "--user", "nobody"], "--user is about a command"),
        (["demo", "--ping-group-range", "open"], "--ping-group-range is about a command"),
        (["demo", "--ping-group-range", "ajar", "--", "true"], "open, closed"),
        (["demo", "--user", "no such user", "--", "true"], "the name or number of a user"),
        (["demo", "--mtu", "100", "--", "true"], "from 1280"),
        (["demo", "--log", "/no/such/folder/log", "--", "true"], "/no/such/folder/log cannot be written"),
    ]

    @Test(arguments: mistakes)
    func `is one error for people, and exit code 125`(_ arguments: [String], _ part: String) throws {
        let result = try simnet(arguments)
        #expect(result.status == 125)
        #expect(result.errors.hasPrefix("simnet: "), "\(result.errors)")
        #expect(result.errors.contains(part), "\(result.errors)")
    }

    @Test func `includes to have no privilege, and the remedy is said`() throws {
        let started = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        if !started.isEmpty, !FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") {
            try Test.cancel("setpriv is not installed")
        }
        // Where everybody may make a namespace and open the device, there is nothing to complain about.
        let device = try FileManager.default.attributesOfItem(atPath: "/dev/net/tun")[.posixPermissions] as? Int
        if let device, device & 0o006 != 0 { try Test.cancel("/dev/net/tun is open to everybody here") }
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("simnet-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Laboratory.products.appendingPathComponent("simnet"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        let result = try run("/usr/bin/env", started + [copy.path, "demo", "--", "true"])
        #expect(result.status == 125)
        #expect(result.errors.contains("not permitted"), "\(result.errors)")
        #expect(result.errors.contains("root"), "\(result.errors)")
    }

    private func simnet(_ arguments: [String]) throws -> (status: Int32, errors: String) {
        try run(Laboratory.products.appendingPathComponent("simnet").path, arguments)
    }

    private func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
