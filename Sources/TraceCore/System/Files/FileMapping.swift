internal import CTraceCoreSystem

/// The bytes of a file, or of an array, in one piece that does not move and never changes.
///
/// A mapped file is read as it is needed, and shared by all who map it. Whoever truncates it in place takes the bytes
/// away, and the system ends a program that reads them then; one that is replaced by a rename stays as it was.
@safe package final class FileMapping: Sendable {
    // A pointer, as Swift has no other name for memory that the system lends. It is set once, is good for `count`
    // bytes as long as this object lives, and is handed out as a span alone.
    private nonisolated(unsafe) let start: UnsafePointer<UInt8>
    /// How many bytes there are.
    package let count: Int
    private let isMapped: Bool
    /// Which file it was; nil if it was none.
    package let identity: FileIdentity?

    /// The bytes of a file, which has to be a regular one.
    package init(path: String, isLoaded: Bool) throws(FileError) {
        var facts = tracecore_file_facts()
        let descriptor = unsafe tracecore_file_open(path, &facts)
        guard descriptor >= 0 else { throw FileError(.system(-descriptor)) }
        defer { tracecore_file_close(descriptor) }
        guard facts.is_regular != 0 else { throw FileError(facts.is_directory != 0 ? .isDirectory : .isNoFile) }
        guard facts.size > 0, let size = Int(exactly: facts.size) else { throw FileError(.isEmpty) }
        if isLoaded {
            // Memory of its own, so that a system with too little of it says so.
            guard let memory = unsafe malloc(size) else { throw FileError(.system(ENOMEM)) }
            let count = unsafe tracecore_file_read(descriptor, memory, size)
            guard count > 0 else {
                unsafe free(memory)
                throw FileError(count < 0 ? .system(Int32(truncatingIfNeeded: -count)) : .isEmpty)
            }
            unsafe start = UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
            self.count = Int(count)
        } else {
            var memory: UnsafeRawPointer?
            let result = unsafe tracecore_file_map(descriptor, size, &memory)
            guard result == 0, let memory = unsafe memory else { throw FileError(.system(-result)) }
            unsafe start = memory.assumingMemoryBound(to: UInt8.self)
            count = size
        }
        isMapped = !isLoaded
        identity = FileIdentity(facts)
    }

    /// A copy of an array's bytes.
    package init(bytes: [UInt8]) throws(FileError) {
        guard !bytes.isEmpty else { throw FileError(.isEmpty) }
        guard let memory = unsafe malloc(bytes.count) else { throw FileError(.system(ENOMEM)) }
        unsafe UnsafeMutableRawBufferPointer(start: memory, count: bytes.count).copyBytes(from: bytes)
        unsafe start = UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
        count = bytes.count
        isMapped = false
        identity = nil
    }

    deinit {
        if isMapped {
            unsafe tracecore_file_unmap(start, count)
        } else {
            unsafe free(UnsafeMutableRawPointer(mutating: start))
        }
    }

    /// The bytes; good as long as this object lives.
    package var bytes: FileBytes { unsafe FileBytes(start: start, count: count) }
}

/// The bytes of a ``FileMapping``, for who keeps that alive beside them.
///
/// A structure, as what classes do cannot be transparent: the compiler leaves calls with closures over spans as they
/// are if it may, and a quarter of the time of reading a record went into them.
@safe package struct FileBytes: Sendable {
    // See FileMapping.
    @usableFromInline nonisolated(unsafe) let start: UnsafePointer<UInt8>
    @usableFromInline let count: Int

    fileprivate init(start: UnsafePointer<UInt8>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    /// Calls the body with the bytes, every access to which is checked.
    @_transparent
    package func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe UnsafeBufferPointer(start: start, count: count).span)
    }
}
