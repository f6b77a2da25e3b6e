#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// Room for the packets of one system call; used by one thread.
    ///
    /// Its part for each packet holds the largest that there is. Memory that no packet ever filled is never touched.
    @safe final class ReceiveBuffer {
        /// What is left free before each packet, for the header that an IPv6 socket does not hand up.
        static let headroom = 40
        private static let stride = 66_000

        private let bytes: UnsafeMutableRawPointer
        private var messages = Array(repeating: tracecore_message(), count: Int(TRACECORE_BATCH))
        private(set) var count = 0

        init() {
            unsafe bytes = .allocate(byteCount: Self.stride * Int(TRACECORE_BATCH), alignment: 16)
        }

        deinit { unsafe bytes.deallocate() }

        /// Receives what is there, at most a batch of it; gives its number, or a negated error number.
        fileprivate func fill(_ descriptor: Int32, fromErrorQueue: Bool) -> Int32 {
            let received = unsafe tracecore_receive(
                descriptor, fromErrorQueue ? 1 : 0, &messages, Int32(messages.count), bytes, Self.stride, Self.headroom)
            count = Int(max(0, received))
            return received
        }

        /// Whether there may be more where this came from.
        var isFull: Bool { count == messages.count }

        func message(_ index: Int) -> ReceivedMessage { ReceivedMessage(messages[index]) }

        /// Lends the bytes of a packet.
        func withBytes<Result>(of index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
            let start = unsafe bytes + Self.stride * index + Self.headroom
            // Within the packet's own part: `length` is what the kernel wrote there, and the stride was its limit.
            let length = min(Int(messages[index].length), Self.stride - Self.headroom)
            return unsafe body(
                UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: length).span)
        }

        /// Lends the bytes of a packet with its header before them, which fills the headroom at the most.
        func withBytes<Result>(of index: Int, after header: [UInt8], _ body: (Span<UInt8>) -> Result) -> Result {
            let count = min(header.count, Self.headroom)
            let start = unsafe bytes + Self.stride * index + Self.headroom - count
            let length = min(Int(messages[index].length), Self.stride - Self.headroom)
            for offset in 0..<count {
                unsafe start.storeBytes(of: header[offset], toByteOffset: offset, as: UInt8.self)
            }
            return unsafe body(
                UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count + length).span)
        }
    }

    extension SystemSocket {
        /// Receives a batch; gives false when nothing is there any more.
        ///
        /// An error that a socket reports for an earlier packet is taken off it and counts as something received.
        func receive(into buffer: ReceiveBuffer, fromErrorQueue: Bool) -> Bool {
            let received = buffer.fill(descriptor.number, fromErrorQueue: fromErrorQueue)
            if received >= 0 { return received > 0 }
            return SystemError(number: -received).mayBeStale
        }
    }
#endif
