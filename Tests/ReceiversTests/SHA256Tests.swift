import Testing
import TraceCoreHTTP

@testable import TraceCoreReceivers

private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct `What is signed` {
    /// FIPS 180-4 and NIST's short messages.
    @Test(arguments: [
        (text(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            text(
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
            ),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        ([0xBD], "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"),
        (
            [UInt8](repeating: 0, count: 64), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"
        ),
        (
            [UInt8](repeating: 0x61, count: 100_000),
            "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"
        ),
    ])
    func `has the hashes of the standard`(_ message: [UInt8], _ hash: String) {
        #expect(SHA256.hash(message) == bytes(hash))
    }

    /// RFC 4231, without the one that is cut short.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), text("Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            text("Jefe"), text("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            (1...25).map { UInt8($0) }, [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), text("Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            text(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `has the codes of the standard`(_ key: [UInt8], _ message: [UInt8], _ code: String) {
        #expect(SHA256.authenticationCode(of: message, key: key) == bytes(code))
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `is written in base64`(_ plain: String, _ encoded: String) {
        #expect(Base64.text(of: text(plain)) == encoded)
        #expect(Base64.bytes(of: encoded) == text(plain))
        #expect(Base64.bytes(of: encoded.filter { $0 != "=" }) == text(plain))
    }

    @Test(arguments: ["Z", "Zh==", "Zm9=", "Zg=", "Zg===", "Z g=", "Zm-_", "====", "Zg==Zg==", "Zm9v\n"])
    func `is read from base64 and from nothing else`(_ text: String) { #expect(Base64.bytes(of: text) == nil) }

    @Test func `proves every byte of base64`() {
        let all = (0...255).map { UInt8($0) }
        for count in 0...256 {
            #expect(Base64.bytes(of: Base64.text(of: Array(all.prefix(count)))) == Array(all.prefix(count)))
        }
    }

    @Test(arguments: [
        "", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
        "whsec_" + Base64.text(of: [UInt8](repeating: 1, count: 65)),
    ])
    func `needs a secret that is long enough`(_ text: String) { #expect(WebhookSecret(text) == nil) }

    /// The example of the Standard Webhooks libraries.
    @Test func `is signed as in the example that all libraries have`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", second: 1_614_265_330, body: #"{"test": 2432232314}"#)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }
}
