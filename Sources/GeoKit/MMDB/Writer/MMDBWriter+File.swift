internal import TraceCore

extension MMDBWriter {
    /// The bytes of the file.
    ///
    /// - Throws: If the file is too large for the format or for the requested record size.
    public func encoded() throws(MMDBError) -> [UInt8] {
        let file = try File(self)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.length)
        try file.write { (part) throws(MMDBError) in bytes.append(contentsOf: part) }
        return bytes
    }

    /// Writes the file, replacing an existing one.
    ///
    /// A temporary file is written beside it, synced to the disk and renamed. Programs that read the old file can go on
    /// reading it. If anything fails, the old file stays and the temporary one is removed. A symbolic link is followed.
    /// Anything other than a regular file, such as a device, is not replaced.
    ///
    /// - Throws: If the file cannot be written, or is too large for the format or for the requested record size.
    public func write(to path: String) throws(MMDBError) {
        let file = try File(self)
        do throws(FileWriteError) {
            let output = try FileWriter(path: path)
            try file.write { (part) throws(FileWriteError) in try output.write(part.span) }
            try output.commit()
        } catch {
            throw MMDBError(
                .unwritable, "\(UntrustedText(path).word) could not be written (\(error.doing)): \(error.reason)")
        }
    }
}

extension MMDBWriter {
    /// Everything that must be known before the first byte of the file can be written.
    struct File {
        private let layout: PrefixTree.Layout
        private let data: DataSectionWriter
        private let metadata: [UInt8]
        private let recordSize: RecordSize

        init(_ writer: MMDBWriter) throws(MMDBError) {
            let layout = PrefixTree.Layout(writer.tree)
            var data = DataSectionWriter(writer.values)
            try layout.forEachNode { (left, right) throws(MMDBError) in
                if let id = left.value { try data.add(id) }
                if let id = right.value { try data.add(id) }
            }
            self.layout = layout
            self.data = data
            let largest = layout.nodeCount + MMDBFormat.separator + data.lastOffset
            recordSize = try Self.recordSize(for: largest, asked: writer.options.recordSize)
            metadata = try writer.options.metadata(nodeCount: layout.nodeCount, recordSize: recordSize)
            guard metadata.count + MMDBFormat.marker.count <= MMDBFormat.metadataLimit else {
                throw MMDBError(
                    .unwritable,
                    "the metadata have \(metadata.count) bytes, and readers look at 131072: shorten the description")
            }
            guard !metadata.holds(MMDBFormat.marker) else {
                throw MMDBError(
                    .unwritable, "the metadata contain the marker by which readers find them: change the description")
            }
        }

        private static func recordSize(for largest: Int, asked: RecordSize?) throws(MMDBError) -> RecordSize {
            let fitting = RecordSize.allCases.first { largest < 1 << $0.rawValue }
            guard let fitting else {
                throw MMDBError(
                    .unwritable, "the database is too large for the format, whose records have at most 32 bits")
            }
            guard let asked else { return fitting }
            guard asked.rawValue >= fitting.rawValue else {
                throw MMDBError(
                    .unwritable,
                    "the database needs records of \(fitting.rawValue) bits, and \(asked.rawValue) were requested: leave the record "
                        + "size out"
                )
            }
            return asked
        }

        /// The size of the file in bytes.
        var length: Int {
            layout.nodeCount * recordSize.rawValue / 4 + MMDBFormat.separator + data.bytes.count
                + MMDBFormat.marker.count
                + metadata.count
        }

        /// Calls the sink with the bytes of the file, in parts and in order.
        func write<Failure: Error>(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
            let partSize = 1 << 18
            let nodeCount = UInt64(layout.nodeCount)
            var part: [UInt8] = []
            part.reserveCapacity(partSize + 64)
            try layout.forEachNode { (left, right) throws(Failure) in
                let (left, right) = (number(left, nodeCount), number(right, nodeCount))
                switch recordSize {
                case .bits24:
                    part.append(big: left, bytes: 3)
                    part.append(big: right, bytes: 3)
                case .bits28:
                    // The byte in the middle has the highest four bits of both.
                    part.append(big: left, bytes: 3)
                    part.append(UInt8(truncatingIfNeeded: left >> 20 & 0xF0 | right >> 24))
                    part.append(big: right, bytes: 3)
                case .bits32:
                    part.append(big: left, bytes: 4)
                    part.append(big: right, bytes: 4)
                }
                if part.count >= partSize {
                    try sink(part)
                    part.removeAll(keepingCapacity: true)
                }
            }
            part.append(contentsOf: repeatElement(0, count: MMDBFormat.separator))
            try sink(part)
            try sink(data.bytes)
            try sink(MMDBFormat.marker + metadata)
        }

        /// The number for a record in the file.
        private func number(_ record: PrefixTree.Record, _ nodeCount: UInt64) -> UInt64 {
            if let node = record.node { return UInt64(node) }
            guard let id = record.value else { return nodeCount }
            return nodeCount + UInt64(MMDBFormat.separator) + UInt64(data.offset(of: id))
        }
    }
}

extension MMDBWriter.Options {
    /// The metadata in the form of the file: a map without pointers.
    fileprivate func metadata(
        nodeCount: Int, recordSize: MMDBWriter.RecordSize
    ) throws(MMDBError) -> [UInt8] {
        let seconds = (buildDate ?? .now).microsecondsSince1970 / 1_000_000
        guard let epoch = UInt64(exactly: seconds) else {
            throw MMDBError(
                .unwritable, "the format has no dates before 1970: set a later buildDate")
        }
        // A tree has fewer than 2^31 nodes, so 32 bits are enough.
        let nodes = UInt32(truncatingIfNeeded: nodeCount)
        let descriptions = description.sorted { $0.key < $1.key }.map { language, text in
            MMDBValue.Pair(UntrustedText(language), .string(UntrustedText(text)))
        }
        let metadata: MMDBValue = [
            "node_count": .uint32(nodes),
            "record_size": .uint16(UInt16(recordSize.rawValue)),
            "ip_version": .uint16(ipVersion == .v4 ? 4 : 6),
            "database_type": .string(UntrustedText(databaseType)),
            "languages": .array(languages.map { .string(UntrustedText($0)) }),
            "binary_format_major_version": .uint16(2),
            "binary_format_minor_version": .uint16(0),
            "build_epoch": .uint64(epoch),
            "description": .map(descriptions),
        ]
        var bytes: [UInt8] = []
        bytes.append(unshared: metadata)
        return bytes
    }
}

extension [UInt8] {
    /// Adds a value with everything in it.
    fileprivate mutating func append(unshared value: MMDBValue) {
        switch value {
        case .map(let pairs):
            append(.map, size: pairs.count)
            for pair in pairs {
                append(scalar: .string(pair.key))
                append(unshared: pair.value)
            }
        case .array(let elements):
            append(.array, size: elements.count)
            for element in elements { append(unshared: element) }
        default: append(scalar: value)
        }
    }

    fileprivate func holds(_ bytes: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: bytes) }
    }
}
