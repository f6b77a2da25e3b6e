import Testing
import TraceCore

@Suite struct IPv6HeaderTests {
    /// Fields by RFC 8200, section 3: traffic class B9, flow label ABCDE.
    static var good: [UInt8] {
        hex(
            """
            6b 9a bc de  00 0d 11 09
            20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
            20 01 0d b8 00 09 00 00 00 00 00 00 00 00 00 09
            """)
    }

    @Test func `every field is where RFC 8200 puts it`() throws {
        let header = try IPv6Header(Self.good.span)
        #expect(header.trafficClass == 0xB9)
        #expect(header.flowLabel == 0xABCDE)
        #expect(header.payloadLength == 13)
        #expect(header.nextHeader == .udp)
        #expect(header.hopLimit == 9)
        #expect(header.source == IPAddress(v6: 0x2001_0db8_0000_0000_0000_0000_0000_0001))
        #expect(header.destination == IPAddress(v6: 0x2001_0db8_0009_0000_0000_0000_0000_0009))
    }

    @Test func `a header writes the bytes it was read from`() throws {
        var bytes: [UInt8] = []
        try IPv6Header(Self.good.span).append(to: &bytes)
        #expect(bytes == Self.good)
    }

    @Test(arguments: 0..<40)
    func `a truncated header says where it ends`(length: Int) {
        let error = #expect(throws: WireError.self) { try IPv6Header(Array(Self.good[..<length]).span) }
        #expect(error == WireError(.truncated, in: .ipv6, at: length, expected: 40, found: length))
    }

    @Test func `another version is named`() {
        let bytes = [0x45] + Self.good[1...]
        let error = #expect(throws: WireError.self) { try IPv6Header(bytes.span) }
        #expect(error == WireError(.badVersion, in: .ipv6, at: 0, expected: 6, found: 4))
    }

    @Test func `a flow label is cut to its twenty bits`() {
        let header = IPv6Header(
            source: IPAddress(v6: 1), destination: IPAddress(v6: 2), nextHeader: .tcp, flowLabel: .max)
        #expect(header.flowLabel == 0xF_FFFF)
    }
}

@Suite struct IPv6ExtensionChainTests {
    // Router alert, then destination options.
    static var hopByHop: [UInt8] { hex("3c 00 05 02 00 00 01 00") }
    // Then routing.
    static var destination: [UInt8] { hex("2b 01 01 0c 00 00 00 00 00 00 00 00 00 00 00 00") }
    static var routing: [UInt8] {
        hex("2c 02 04 00 00 00 00 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 05")
    }
    // Offset 0, more to come, then AH.
    static var fragment: [UInt8] { hex("33 00 00 01 de ad be ef") }
    static var authentication: [UInt8] { hex("11 04 00 00 00 00 01 00 00 00 00 02 111111111111111111111111") }
    static var all: [UInt8] { hopByHop + destination + routing + fragment + authentication }

    @Test func `every kind of header is walked to the transport`() throws {
        let chain = try IPv6ExtensionChain(Self.all.span, startingWith: .hopByHop, in: 0..<Self.all.count)
        #expect(chain.proto == .udp)
        #expect(chain.payloadOffset == Self.all.count)
        #expect(chain.count == 5)
        #expect(chain.fragment == IPFragment(offset: 0, moreFragments: true))
        #expect(chain.identification == 0xDEAD_BEEF)
        #expect(!chain.isTruncated)
    }

    @Test(arguments: 0..<all.count)
    func `a chain that is cut ends at the header that is cut`(length: Int) throws {
        let starts: [(Int, IPProtocol)] = [
            (0, .hopByHop), (8, .destinationOptions), (24, .routing), (48, .fragment), (56, .ah),
        ]
        let chain = try IPv6ExtensionChain(Self.all.span, startingWith: .hopByHop, in: 0..<length)
        #expect(chain.isTruncated)
        #expect(chain.proto == starts.last { $0.0 <= length }?.1)
        #expect(chain.payloadOffset == length)
    }

    @Test func `a later fragment is not walked into`() throws {
        let bytes = hex("3c 00 05 a9 00 00 00 07") + Self.destination
        let chain = try IPv6ExtensionChain(bytes.span, startingWith: .fragment, in: 0..<bytes.count)
        #expect(chain.proto == .destinationOptions)
        #expect(chain.payloadOffset == 8)
        #expect(chain.fragment == IPFragment(offset: 0x05A8, moreFragments: true))
    }

    @Test func `a transport at once is no chain`() throws {
        let chain = try IPv6ExtensionChain([UInt8]().span, startingWith: .tcp, in: 0..<0)
        #expect(chain.count == 0)
        #expect(chain.proto == .tcp)
        #expect(!chain.isTruncated)
    }

    @Test func `a chain without end is an error`() {
        let bytes = [UInt8](repeating: 0, count: 8 * 40)  // hop-by-hop options, over and over
        let error = #expect(throws: WireError.self) {
            try IPv6ExtensionChain(bytes.span, startingWith: .hopByHop, in: 0..<bytes.count)
        }
        #expect(error?.code == .tooManyHeaders)
        #expect(error?.offset == 8 * IPv6ExtensionChain.limit)
    }
}
