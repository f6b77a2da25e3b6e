internal import TraceCore
internal import Glibc

/// The keys that are pressed, as they are; read by a thread of its own, because waiting for a person blocks.
final class Keyboard: Sendable {
    /// The keys; they end when the terminal is gone or ``stop()`` is called.
    let keys: AsyncStream<Key>

    /// Bytes that follow the escape byte within this many milliseconds belong to it: terminals send a key at once.
    private static let escapeDelay: Int32 = 30

    private let continuation: AsyncStream<Key>.Continuation
    private let descriptor: Int32
    /// Closing the writing end wakes the thread; -1 is closed.
    private let wakeReader: Int32
    private let wakeWriter: Lock<Int32>

    /// Begins to read keys from a terminal.
    init(descriptor: Int32) {
        // A hand can be ahead of a program, but not by so much.
        (keys, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(256))
        self.descriptor = descriptor
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeReader = ends[0]
        wakeWriter = Lock(ends[1])
        var thread = pthread_t()
        let me = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Keyboard>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, me.toOpaque())
        if result == 0 {
            pthread_detach(thread)
        } else {
            me.release()
            continuation.finish()
        }
    }

    /// Ends the keys and the thread.
    func stop() {
        wakeWriter.withLock { writer in
            if writer >= 0 { close(writer) }
            writer = -1
        }
    }

    private func run() {
        var parser = KeyParser()
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            var requests = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&requests, 2, parser.isWaiting ? Self.escapeDelay : -1)
            if ready < 0, errno == EINTR { continue }
            if ready < 0 || requests[1].revents != 0 { break }
            if ready == 0 {
                for key in parser.finish() { continuation.yield(key) }
                continue
            }
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 { break }
            for key in parser.take(bytes.prefix(count)) { continuation.yield(key) }
        }
        continuation.finish()
        if wakeReader >= 0 { close(wakeReader) }
    }
}
