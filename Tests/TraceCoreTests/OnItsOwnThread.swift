import Foundation
import Testing
import TraceCore

/// For tests that compute for seconds: they run on threads of their own. On the threads that all tests share, each step of
/// one with clocks and sockets would wait for the end of theirs.
struct OnItsOwnThread: SuiteTrait, TestScoping {
    private static let threads = try? WorkThreads(ProcessInfo.processInfo.activeProcessorCount)

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(Self.threads) { try await body() }
    }
}

extension SuiteTrait where Self == OnItsOwnThread {
    static var onItsOwnThread: Self { Self() }
}
