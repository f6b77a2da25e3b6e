#if !os(Linux) || TRACECORE_NO_LIVE
    // What the live probers need of a system, on one for which it has not been written: everything compiles, and the
    // first thing that is opened says so. `-DTRACECORE_NO_LIVE` builds this on Linux too, so that it stays true.

    extension SystemError {
        /// What stands for an error of this library: no system has it.
        static let notWritten = SystemError(number: .max)

        static let again = SystemError(number: -1)
        static let interrupted = SystemError(number: -2)
        static let noBuffers = SystemError(number: -3)
        static let invalid = SystemError(number: -4)
        static let addressInUse = SystemError(number: -5)
        static let inProgress = SystemError(number: -6)
        static let refused = SystemError(number: -7)
        static let notAvailable = SystemError(number: -8)
        static let noDevice = SystemError(number: -9)
        static let tooLarge = SystemError(number: -10)
        static let notPermitted = SystemError(number: -13)
        static let noDescriptors = SystemError(number: -11)
        static let noDescriptorsForAnybody = SystemError(number: -12)

        var isPermission: Bool { false }
        var mayBeStale: Bool { false }
        var mostTries: Int { 1 }

        func sending(to target: IPAddress, mtu: Int? = nil) -> ProbeError { opening("a socket") }

        func opening(_ what: String) -> ProbeError {
            ProbeError(
                .unsupported, "Live probing is not written for this system yet",
                remedy: "Use a simulated internet, or run it on Linux")
        }
    }

    enum SystemClock {
        static var monotonic: Int64 { 0 }
        static var sample: ClockSample { ClockSample(monotonic: 0, wall: 0, uncertainty: 0) }
    }

    struct ReceivedMessage {
        var peer: IPAddress? { nil }
        var peerPort: UInt16 { 0 }
        var destination: IPAddress? { nil }
        var stamp: Int64 { 0 }
        var ttl: UInt8? { nil }
        var trafficClass: UInt8? { nil }
        var length: Int { 0 }
        var sentStamp: (id: UInt32, stamp: Int64)? { nil }
        var error: QueuedError? { nil }
    }

    final class ReceiveBuffer {
        let count = 0
        var isFull: Bool { false }
        func message(_ index: Int) -> ReceivedMessage { ReceivedMessage() }
        func withBytes<Result>(of index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
            let nothing: [UInt8] = []
            return body(nothing.span)
        }
        func withBytes<Result>(of index: Int, after header: [UInt8], _ body: (Span<UInt8>) -> Result) -> Result {
            let nothing: [UInt8] = []
            return body(nothing.span)
        }
    }

    final class SystemSocket: Sendable {
        static let descriptorLimit = 0
        static func raiseDescriptorLimit() {}

        let kind: Kind
        let family: IPAddress.Family

        init(_ kind: Kind, _ family: IPAddress.Family) throws(SystemError) { throw .notWritten }

        func reportErrors() throws(SystemError) {}
        func reportHeaders() throws(SystemError) {}
        func reportStamps(ofSent: Bool) throws(SystemError) {}
        func reserve(receiving bytes: Int32) {}
        func useOwnFamilyOnly() throws(SystemError) {}
        func setTTL(_ ttl: UInt8) throws(SystemError) {}
        func setTrafficClass(_ value: UInt8) throws(SystemError) {}
        func setDontFragment(_ value: Bool) throws(SystemError) {}
        func writeHeaders() throws(SystemError) {}
        func drawNoFlowLabel() throws(SystemError) {}
        func shareAddress() throws(SystemError) {}
        func use(flowLabel: UInt32) throws(SystemError) {}
        func bind(toInterface name: String) throws(SystemError) {}
        func mark(_ mark: UInt32) throws(SystemError) {}
        func allowBroadcast() throws(SystemError) {}
        func bind(to address: IPAddress?, port: UInt16) throws(SystemError) {}
        func connect(to address: IPAddress, port: UInt16, flowLabel: UInt32 = 0) throws(SystemError) {}
        var pathMTU: Int? { nil }
        var local: (address: IPAddress, port: UInt16)? { nil }
        func admit(types: [UInt8]) throws(SystemError) {}
        func admitHandshakes() throws(SystemError) {}
        var pendingError: SystemError? { nil }
        var handshakeTime: Int64? { nil }
        func abort() {}
        func send(
            _ bytes: Span<UInt8>, to target: IPAddress, port: UInt16, _ dispatch: Dispatch
        ) throws(SystemError) { throw .notWritten }
        func readStamps(_ body: (_ id: UInt32, _ stamp: Int64) -> Void) {}
        func receive(into buffer: ReceiveBuffer, fromErrorQueue: Bool) -> Bool { false }
    }

    final class Reactor: Sendable {
        static func acquire() throws(SystemError) -> Reactor { throw .notWritten }
        static let isRunning = false
        func release() {}

        var load: Load { Load(sources: 0, timers: 0) }
        func add(_ source: any ReactorSource) -> Handle { 0 }
        func remove(_ handle: Handle) {}
        func watch(
            _ socket: SystemSocket, for handle: Handle, slot: UInt32, isConnecting: Bool = false
        ) throws(SystemError) {}
        func add(_ timer: any ReactorTimer) -> Handle { 0 }
        func remove(timer handle: Handle) {}
        func call(_ handle: Handle, at time: Int64) {}
    }

    package final class ByteStream: Sendable {
        package enum Failure: Error, Sendable, Hashable {
            case late
            case gone
        }

        package func read(atMost count: Int, until deadline: ContinuousClock.Instant? = nil) async throws(Failure)
            -> [UInt8]
        { throw .gone }

        package func write(_ bytes: [UInt8], patience: Duration? = nil) async throws(Failure) { throw .gone }
        package func untilLeft() async {}
        package func finishWriting() {}
        package func close() {}
    }

    package final class StreamListener: Sendable {
        package struct Arrival: Sendable {
            package let stream: ByteStream
            package let peer: IPAddress?
        }

        package let port: UInt16 = 0

        package init(at address: IPAddress, port: UInt16) throws(ProbeError) {
            throw SystemError.notWritten.opening("")
        }
        package init(atPath path: String) throws(ProbeError) { throw SystemError.notWritten.opening("") }
        package init(adopting descriptor: Int32) throws(ProbeError) { throw SystemError.notWritten.opening("") }
        package func next() async throws(ProbeError) -> Arrival? { nil }
        package func close() {}
    }
#endif
