import Testing

@testable import TraceCore

@Suite struct `A text that says which host is meant` {
    private func read(_ text: String) throws(ProbeError) -> HostText {
        try HostText(text) { $0 == "eth0" ? 3 : nil }
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("fe80::1%7", "fe80::1%7"),
        ("fe80::1%eth0", "fe80::1%3"),
    ])
    func `an address is one, with its interface by name or number`(text: String, address: String) throws {
        #expect(try read(text) == .address(try IPAddress(parsing: address)))
    }

    @Test(arguments: [
        "localhost", "example.com", "example.com.", "a_b.example", "bücher.example", "xn--bcher-kva.example",
        "3com.com",
        "1.2.3.example", "0xabc.example", String(repeating: "a", count: 63) + ".example",
    ])
    func `a name is left as it is`(text: String) throws {
        #expect(try read(text) == .name(text))
    }

    @Test(arguments: [
        ("", "no text"), ("010.0.0.1", "octal"), ("1", "ends too early"), ("127.1", "ends too early"),
        ("256.0.0.1", "too large"), ("0x7f.0x1", "cannot stand here"), ("10.0.0.0/8", "cannot stand here"),
        ("fe80::1%wlan7", "no such interface"), ("192.0.2.1%eth0", "zone"), ("2001:db8::1::2", "once"),
        ("host.example:80", "cannot stand here"), ("good.example\0.evil", "control character"),
        ("a b.example", "space"), ("a\u{1b}[31m.example", "control character"), ("a\u{85}b", "control character"),
        (".example", "empty"), ("a..b", "empty"), (".", "empty"),
        (String(repeating: "a", count: 64) + ".example", "63 characters"),
        (String(repeating: "a.", count: 127) + "a", "253 characters"), (String(repeating: "ü", count: 600), "longer"),
    ])
    func `what is neither is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: ProbeError.self) { try read(text) }
        #expect(error?.code == .unknownHost)
        #expect(error?.message.contains(reason) ?? false, "\(error?.message ?? "")")
        #expect(error?.message.unicodeScalars.allSatisfy { !$0.isHazardous } ?? false)
    }

    @Test func `a long name with a dot at its end has the dot for nothing`() throws {
        let name = String(repeating: "a.", count: 126) + "b"
        #expect(try read(name) == .name(name))
        #expect(try read(name + ".") == .name(name + "."))
    }
}

@Suite struct `The bytes of a reverse name` {
    @Test(arguments: [
        (Array("r1.example".utf8), "r1.example"), (Array("r1.example\0evil".utf8), "r1.example"),
        ([0x72, 0xFF, 0x31], "r\\x{ff}1"), (Array("a\u{1b}]52;c;AA\u{07}".utf8), "a\\u{1b}]52;c;AA\\u{7}"),
    ])
    func `are kept as they came, up to a NUL`(bytes: [UInt8], shown: String) throws {
        let name = try #require(SystemLookup.reverseName(bytes))
        #expect(name.escaped == shown)
        #expect(name.bytes == Array(bytes.prefix { $0 != 0 }))
    }

    @Test(arguments: ["", "\0r1.example", ".", "192.0.2.1", "2001:db8::1", "fe80::1%3"])
    func `name nothing where they are empty or spell an address`(text: String) {
        #expect(SystemLookup.reverseName(Array(text.utf8)) == nil)
    }
}
