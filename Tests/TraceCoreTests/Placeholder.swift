import Testing
@testable import TraceCore
