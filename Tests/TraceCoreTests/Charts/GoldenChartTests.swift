import Foundation
import Testing

@testable import TraceCore

@Suite struct `Charts of the demo` {
    /// A picture that changes has to be looked at, and its digest put here. `CHARTS_FOLDER` says where pictures are written to.
    private static let digests: [ChartRuns.Kind: String] = [
        .ping: "86bd86c382542111", .trace: "33999956a4f413fa", .watched: "4de7ef38a64ea2d",
        .monitor: "940824a351a110a",
    ]

    @Test(arguments: ChartRuns.Kind.allCases) func `are the same every time`(kind: ChartRuns.Kind) async throws {
        let events = try await ChartRuns.demo(kind)
        let svg = try ChartRuns.svg(kind, events)
        if let folder = ProcessInfo.processInfo.environment["CHARTS_FOLDER"] {
            for width in [360, 800, 1600] {
                try ChartRuns.svg(kind, events, width: width)
                    .write(toFile: "\(folder)/\(kind.rawValue)-\(width).svg", atomically: true, encoding: .utf8)
            }
        }
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in svg.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        #expect(String(digest, radix: 16) == Self.digests[kind], "\(kind) has changed: look at it")
    }
}
