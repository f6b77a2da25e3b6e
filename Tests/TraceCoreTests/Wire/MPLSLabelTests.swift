import Foundation
import Testing
import TraceCore

@Suite struct MPLSLabelTests {
    @Test(
        arguments: [
            (0x05DC_F101, 24_015, 0, true, 1), (0x0001_0AFF, 16, 5, false, 255),
            (0xFFFF_FF02, 1_048_575, 7, true, 2), (0, 0, 0, false, 0),
        ] as [(UInt32, UInt32, UInt8, Bool, UInt8)])
    func `each field has its bits of RFC 3032's word`(
        word: UInt32, label: UInt32, exp: UInt8, bottom: Bool, ttl: UInt8
    ) {
        let entry = MPLSLabel(word: word)
        #expect(entry == MPLSLabel(label: label, exp: exp, bottom: bottom, ttl: ttl))
        #expect(entry.word == word)
    }

    @Test func `fields that are too wide are cut`() {
        #expect(MPLSLabel(label: .max, exp: .max, bottom: false, ttl: .max).word == 0xFFFF_FEFF)
    }

    @Test func `JSON has the four keys, and gives the entry back`() throws {
        let entry = MPLSLabel(label: 24_015, exp: 3, bottom: true, ttl: 1)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(entry)
        #expect(String(decoding: json, as: UTF8.self) == #"{"bottom":true,"exp":3,"label":24015,"ttl":1}"#)
        #expect(try JSONDecoder().decode(MPLSLabel.self, from: json) == entry)
    }
}
