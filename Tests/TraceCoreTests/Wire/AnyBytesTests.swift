import Foundation
import TraceCoreFuzzChecks
import Testing

/// The rules that hold for any bytes at all, here for the fuzzers' corpus and for mutations of it.
@Suite struct AnyBytesTests {
    /// A fuzz target: its corpus and its rules.
    enum Target: String, CaseIterable {
        case ipv4 = "IPv4"
        case ipv6 = "IPv6"
        case extensions = "Extensions"
        case text = "Text"
        case requests = "HTTP"

        func check(_ bytes: [UInt8]) throws(Violation) {
            switch self {
            case .ipv4: try checkIPv4(bytes)
            case .ipv6: try checkIPv6(bytes)
            case .extensions: try checkExtensions(bytes)
            case .text: try checkText(bytes)
            case .requests: try checkRequests(bytes)
            }
        }

        /// The files under Tests/Fuzz/Corpus, by name.
        func corpus() throws -> [(name: String, bytes: [UInt8])] {
            let folder = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus/\(rawValue)")
                .standardizedFileURL
            let names = try FileManager.default.contentsOfDirectory(
                atPath: folder.path(percentEncoded: false))
            return try names.sorted().map { name in
                (name, Array(try Data(contentsOf: folder.appending(path: name))))
            }
        }
    }

    @Test(arguments: Target.allCases)
    func `every file of the corpus keeps the rules, whole and cut anywhere`(target: Target) throws {
        let corpus = try target.corpus()
        #expect(corpus.count >= 10)
        for (name, bytes) in corpus {
            for length in 0...bytes.count {
                #expect(throws: Never.self, "\(name), \(length) bytes") {
                    try target.check(Array(bytes[..<length]))
                }
            }
        }
    }

    @Test(arguments: Target.allCases, 1...4 as ClosedRange<UInt64>)
    func `mutations of the corpus keep the rules`(target: Target, seed: UInt64) throws {
        let corpus = try target.corpus().map(\.bytes)
        var random = SeededGenerator(seed: seed)
        // A text is shown in all its forms, which takes ten times as long as reading a packet; a request is cut anywhere.
        for _ in 0..<(target == .text ? 3000 : target == .requests ? 1000 : 20_000) {
            var bytes = corpus[Int(random.next() % UInt64(corpus.count))]
            random.mutate(&bytes)
            do {
                try target.check(bytes)
            } catch {
                Issue.record("\(error), for \(bytes)")
                return
            }
        }
    }
}

extension SeededGenerator {
    /// One to four changes: a byte set, a bit flipped, an edge value, the end cut or made longer.
    fileprivate mutating func mutate(_ bytes: inout [UInt8]) {
        for _ in 0...below(4) {
            let index = below(bytes.count)
            switch below(6) {
            case 0 where !bytes.isEmpty: bytes[index] = UInt8(truncatingIfNeeded: next())
            case 1 where !bytes.isEmpty: bytes[index] ^= 1 << UInt8(below(8))
            case 2 where !bytes.isEmpty: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF][below(5)]
            case 3: bytes.removeLast(below(bytes.count + 1))
            case 4: bytes += (0..<below(40)).map { _ in UInt8(truncatingIfNeeded: next()) }
            case 5 where !bytes.isEmpty: bytes.insert(UInt8(truncatingIfNeeded: next()), at: index)
            default: break
            }
        }
    }
}
