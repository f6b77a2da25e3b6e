import CTraceCoreNamespace
import Glibc
import TraceCore

/// Files in the place of the system's own, so that every tool knows the topology's names and no others.
enum NameFiles {
    /// Replaces the files for this process and its commands; its mounts must be private.
    static func cover(for internet: SimulatedInternet) throws(ProbeError) {
        let hosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n" + lines(internet.namedAddresses)
        try cover("/etc/hosts", with: hosts, isNeeded: true)
        // The system's name service may ask a server outside; a closed port refuses at once.
        try cover("/etc/nsswitch.conf", with: "passwd: files\ngroup: files\nhosts: files\n")
        try cover("/etc/resolv.conf", with: "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    }

    /// The lines of a hosts file; the first name of each is what its address is looked up as.
    static func lines(_ addresses: [SimulatedInternet.NamedAddress]) -> String {
        var text = ""
        for entry in addresses {
            var names: [String] = []
            for name in [entry.reverse?.raw].compactMap({ $0 }) + entry.names where isHostName(name) {
                if !names.contains(name) { names.append(name) }
            }
            if !names.isEmpty { text += "\(entry.address) \(names.joined(separator: " "))\n" }
        }
        return text
    }

    /// A hosts file holds only names of letters, digits and a few signs: others stay without one there.
    private static func isHostName(_ name: String) -> Bool {
        (1...253).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    private static func cover(_ path: String, with text: String, isNeeded: Bool = false) throws(ProbeError) {
        if !isNeeded, access(path, F_OK) != 0 { return }
        var template = Array("/tmp/simnet-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw ProbeError(
                .outOfResources, "No file can be made in /tmp: \(PrivateNetwork.message(errno))", systemError: errno)
        }
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // What was mounted stays when its name is gone.
        defer {
            close(file)
            unlink(name)
        }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fchmod(file, 0o644) == 0 else {
            throw ProbeError(
                .outOfResources, "The names cannot be written to /tmp: \(PrivateNetwork.message(errno))",
                systemError: errno)
        }
        try PrivateNetwork.check(
            tracecore_namespace_cover(path, name), "Putting the topology's names in the place of \(path)")
    }
}
