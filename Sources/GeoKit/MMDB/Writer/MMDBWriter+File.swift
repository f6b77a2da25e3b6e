internal import TraceCore

extension MMDBWriter {
    /// The file's bytes.
    ///
    /// - Throws: If the file would be larger than the format, or than the record size that was asked for, allows.
    public func encoded() throws(MMDBError) -> [UInt8] {
        let file = try File(self)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(file.length)
        try file.write { (part) throws(MMDBError) in bytes.append(contentsOf: part) }
        return bytes
    }

    /// Writes the file, in the place of what stands there.
    ///
    /// It is written beside its place and renamed into it when it is whole and on the disk: who reads the file that was
    /// there goes on reading it, and if anything fails, that file stays and nothing is left behind. A symbolic link is
    /// followed. Anything but a regular file, such as a device, is not replaced.
    ///
    /// - Throws: If the file cannot be written, or would be larger than the format or the record size allows.
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
    /// All that has to be known before the first byte of a file can be written.
    struct File {
        private let layout: PrefixTree.Layout
        private let data: DataSection
        private let metadata: [UInt8]
        private let recordSize: RecordSize

        /// The zeros between the tree and the data.
        private static let gap = 16
        private static let marker: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        /// Readers look for the marker no farther than this from the end.
        private static let metadataLimit = 128 * 1024

        init(_ writer: MMDBWriter) throws(MMDBError) {
            let layout = PrefixTree.Layout(writer.tree)
            var data = DataSection(writer.values)
            try layout.forEachNode { (left, right) throws(MMDBError) in
                if let id = left.value { try data.add(id) }
                if let id = right.value { try data.add(id) }
            }
            self.layout = layout
            self.data = data
            let largest = layout.nodeCount + Self.gap + data.lastOffset
            recordSize = try Self.recordSize(for: largest, asked: writer.options.recordSize)
            metadata = try writer.options.metadata(nodeCount: layout.nodeCount, recordSize: recordSize)
            guard metadata.count + Self.marker.count <= Self.metadataLimit else {
                throw MMDBError(
                    .unwritable, "The metadata take \(metadata.count) bytes, of which readers look at 131072: say less")
            }
            guard !metadata.holds(Self.marker) else {
                throw MMDBError(
                    .unwritable, "The metadata hold the mark by which readers find them: say something else")
            }
        }

        private static func recordSize(for largest: Int, asked: RecordSize?) throws(MMDBError) -> RecordSize {
            let fitting = RecordSize.allCases.first { largest < 1 << $0.rawValue }
            guard let fitting else {
                throw MMDBError(.unwritable, "The database is larger than records of 32 bits can reach")
            }
            guard let asked else { return fitting }
            guard asked.rawValue >= fitting.rawValue else {
                throw MMDBError(
                    .unwritable,
                    "The database needs records of \(fitting.rawValue) bits, and \(asked.rawValue) were asked for: leave the choice to the writer"
                )
            }
            return asked
        }

        /// How many bytes the file has.
        var length: Int {
            layout.nodeCount * recordSize.rawValue / 4 + Self.gap + data.bytes.count + Self.marker.count
                + metadata.count
        }

        /// Gives out the file's bytes in their order, in parts.
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
                    // The byte in the middle has the highest bits of both.
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
            part.append(contentsOf: repeatElement(0, count: Self.gap))
            try sink(part)
            try sink(data.bytes)
            try sink(Self.marker + metadata)
        }

        /// The number that the file has for a record.
        private func number(_ record: PrefixTree.Record, _ nodeCount: UInt64) -> UInt64 {
            if let node = record.node { return UInt64(node) }
            guard let id = record.value else { return nodeCount }
            return nodeCount + UInt64(Self.gap) + UInt64(data.offset(of: id))
        }
    }
}

extension MMDBWriter.Options {
    /// The metadata as the file has them: a map without pointers.
    fileprivate func metadata(
        nodeCount: Int, recordSize: MMDBWriter.RecordSize
    ) throws(MMDBError) -> [UInt8] {
        let seconds = (buildDate ?? .now).microsecondsSince1970 / 1_000_000
        guard let epoch = UInt64(exactly: seconds) else {
            throw MMDBError(
                .unwritable, "The database says it was made before 1970, which the format cannot: set buildDate")
        }
        // The format counts nodes in 32 bits, and there are no more than 31 bits of them.
        let nodes = UInt32(truncatingIfNeeded: nodeCount)
        let pairs: [MMDBPair] = [
            MMDBPair("node_count", .uint32(nodes)),
            MMDBPair("record_size", .uint16(UInt16(recordSize.rawValue))),
            MMDBPair("ip_version", .uint16(ipVersion == .v4 ? 4 : 6)),
            MMDBPair("database_type", .string(UntrustedText(databaseType))),
            MMDBPair("languages", .array(languages.map { .string(UntrustedText($0)) })),
            MMDBPair("binary_format_major_version", .uint16(2)),
            MMDBPair("binary_format_minor_version", .uint16(0)),
            MMDBPair("build_epoch", .uint64(epoch)),
            MMDBPair(
                "description",
                .map(
                    description.sorted { $0.key < $1.key }.map {
                        MMDBPair(UntrustedText($0.key), .string(UntrustedText($0.value)))
                    })),
        ]
        var bytes: [UInt8] = []
        bytes.append(unshared: .map(pairs))
        return bytes
    }
}

extension [UInt8] {
    /// Adds a value with all that it holds.
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
