import Foundation
import Testing

/// A host behind a TUN device whose answers are written byte by byte, so that both ways to receive meet the same packets.
enum CraftedAnswers {
    /// What comes back for each probe.
    enum Mode: String, CaseIterable {
        /// The target's true answer.
        case plain
        /// An error of IPv6 of a type that nobody has defined.
        case unassigned
        /// An echo reply with another code than 0.
        case code
        /// A router's "time exceeded", then the target's true answer.
        case early
        /// A router's "host unreachable", then the target's true answer.
        case refused
    }

    static func target(_ family: String) -> String { family == "-4" ? "10.66.0.9" : "fd66::9" }

    /// Runs a line of the shell on this machine, from which the crafted host is one hop away.
    static func outcome(_ mode: Mode, _ line: String, isNobody: Bool = false) throws -> Laboratory.Outcome {
        let laboratory = try Laboratory(Topologies.labelled, needing: "ip", "python3", "setpriv")
        let user = isNobody ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
        let words = user + line.split(separator: " ").map(String.init)
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        return try laboratory.run(
            ["--ping-group-range", "open"], "sh", "-c",
            "exec python3 - \(mode.rawValue) \(command) <<'END'\n\(script)\nEND")
    }

    private static let script = """
        import fcntl, os, select, struct, subprocess, sys
        mode, command = sys.argv[1], sys.argv[2:]
        tun = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"craft0", 0x1001))
        for line in (
            "addr add 10.66.0.1/24 dev craft0", "addr add fd66::1/64 dev craft0 nodad", "link set craft0 up"):
            subprocess.run(["ip"] + line.split(), check=True)

        def checksum(data):
            data += bytes(len(data) % 2)
            total = sum(struct.unpack(f"!{len(data) // 2}H", data))
            while total >> 16: total = (total & 0xFFFF) + (total >> 16)
            return ~total & 0xFFFF

        def icmp(source, target, kind, code, rest, body):
            message = struct.pack("!BBH4s", kind, code, 0, rest) + body
            pseudo = b"" if len(source) == 4 else source + target + struct.pack("!II", len(message), 58)
            message = message[:2] + struct.pack("!H", checksum(pseudo + message)) + message[4:]
            if len(source) == 4:
                head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0, source, target)
                head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
            else:
                head = struct.pack("!IHBB16s16s", 6 << 28, len(message), 58, 64, source, target)
            os.write(tun, head + message)

        def answer(packet):
            v4 = packet[0] >> 4 == 4
            here, there = (packet[12:16], packet[16:20]) if v4 else (packet[8:24], packet[24:40])
            start = 20 if v4 else 40
            protocol = packet[9] if v4 else packet[6]
            router = there[:-1] + bytes([77])
            isEcho = protocol in (1, 58) and packet[start] in (8, 128)
            if there[-1] != 9 or not (isEcho or protocol == 17): return
            if mode == "unassigned": return icmp(router, here, 100, 0, bytes(4), packet)
            if mode == "early": icmp(router, here, 11 if v4 else 3, 0, bytes(4), packet)
            if mode == "refused": icmp(router, here, 3 if v4 else 1, 1 if v4 else 3, bytes(4), packet)
            if isEcho:
                code = 3 if mode == "code" else 0
                icmp(there, here, 0 if v4 else 129, code, packet[start + 4:start + 8], packet[start + 8:])
            else:
                icmp(there, here, 3 if v4 else 1, 3 if v4 else 4, bytes(4), packet)

        process = subprocess.Popen(command)
        while process.poll() is None:
            if select.select([tun], [], [], 0.02)[0]: answer(os.read(tun, 65536))
        sys.exit(process.returncode)
        """
}
