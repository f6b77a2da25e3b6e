extension ICMPExtensions {
    /// The length of the header of the structure and of each of its objects.
    static let headerLength = 4
    static let version: UInt8 = 2
    private static let mplsClass: UInt8 = 1
    private static let interfaceClass: UInt8 = 2

    /// The structure that fills a range of bytes, such as `ICMPError.extensions`.
    ///
    /// The checksum must be right or zero, which says that none was computed. An object whose length is
    /// impossible is an error; one whose content is not understood is kept as it came.
    package init(_ bytes: Span<UInt8>, in range: Range<Int> = 0..<Int.max) throws(WireError) {
        let range = bytes.clamp(range)
        try Self.checkHeader(bytes, in: range)
        objects = []
        var start = range.lowerBound &+ Self.headerLength
        while start < range.upperBound {
            let end = try Self.endOfObject(bytes, at: start, in: range)
            objects.append(Self.object(bytes, in: start..<end))
            start = end
        }
    }

    private static func checkHeader(_ bytes: Span<UInt8>, in range: Range<Int>) throws(WireError) {
        guard range.count >= headerLength else {
            throw WireError(
                .truncated, in: .icmpExtensions, at: range.upperBound, expected: headerLength,
                found: range.count)
        }
        let start = range.lowerBound
        guard bytes[start] >> 4 == version else {
            throw WireError(
                .badExtensionVersion, in: .icmpExtensions, at: start, expected: Int(version),
                found: Int(bytes[start] >> 4))
        }
        let checksum = bytes.uint16(at: start &+ 2)
        guard checksum == 0 || InternetChecksum.isValid(bytes, in: range) else {
            let right = InternetChecksum.updated(
                InternetChecksum.of(bytes, in: range), replacing: checksum, with: 0)
            throw WireError(
                .badChecksum, in: .icmpExtensions, at: start &+ 2, expected: Int(right), found: Int(checksum))
        }
    }

    private static func endOfObject(
        _ bytes: Span<UInt8>, at start: Int, in range: Range<Int>
    ) throws(WireError) -> Int {
        let available = range.upperBound &- start
        guard available >= headerLength else {
            throw WireError(
                .truncated, in: .icmpExtensionObject, at: range.upperBound, expected: headerLength,
                found: available)
        }
        let length = Int(bytes.uint16(at: start))
        guard length >= headerLength else {
            throw WireError(
                .badLength, in: .icmpExtensionObject, at: start, expected: headerLength, found: length)
        }
        guard length <= available else {
            throw WireError(
                .truncated, in: .icmpExtensionObject, at: range.upperBound, expected: length, found: available
            )
        }
        return start &+ length
    }

    private static func object(_ bytes: Span<UInt8>, in range: Range<Int>) -> Object {
        let start = range.lowerBound
        let (classNumber, subtype) = (bytes[start &+ 2], bytes[start &+ 3])
        let body = (start &+ headerLength)..<range.upperBound
        switch classNumber {
        case mplsClass where subtype == 1 && body.count % 4 == 0:
            var labels: [MPLSLabel] = []
            labels.reserveCapacity(body.count / 4)
            var index = body.lowerBound
            while index < body.upperBound {
                labels.append(MPLSLabel(word: bytes.uint32(at: index)))
                index &+= 4
            }
            return .mpls(labels)
        case interfaceClass:
            if let interface = InterfaceInformation(bytes, in: body, subtype: subtype) {
                return .interface(interface)
            }
        default: break
        }
        var content: [UInt8] = []
        content.reserveCapacity(body.count)
        for index in body { content.append(bytes[index]) }
        return .other(OtherObject(classNumber: classNumber, subtype: subtype, bytes: content))
    }

    /// Whether a range holds a structure for sure, though nothing announced one (RFC 4884, section 5.5).
    ///
    /// It takes a right checksum; where none was computed, objects that fill the range exactly.
    static func isPlausible(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        let start = range.lowerBound
        guard range.count > headerLength, bytes[start] == version << 4, bytes[start &+ 1] == 0 else {
            return false
        }
        if bytes.uint16(at: start &+ 2) != 0 { return InternetChecksum.isValid(bytes, in: range) }
        var object = start &+ headerLength
        while range.upperBound &- object >= headerLength {
            let length = Int(bytes.uint16(at: object))
            guard length >= headerLength, length <= range.upperBound &- object else { return false }
            object &+= length
        }
        return object == range.upperBound
    }

    /// Appends the structure, its checksum filled in.
    package func append(to packet: inout [UInt8]) {
        let start = packet.count
        packet.append(Self.version << 4)
        packet.append(0)
        packet.append(big: UInt16(0))
        for object in objects { Self.append(object, to: &packet) }
        packet.set(InternetChecksum.of(packet.span, in: start..<packet.count), at: start + 2)
    }

    private static func append(_ object: Object, to packet: inout [UInt8]) {
        let start = packet.count
        packet.append(big: UInt16(0))
        switch object {
        case .mpls(let labels):
            packet.append(mplsClass)
            packet.append(1)
            for label in labels { packet.append(big: label.word) }
        case .interface(let interface):
            packet.append(interfaceClass)
            packet.append(interface.subtype)
            interface.appendBody(to: &packet)
        case .other(let other):
            packet.append(other.classNumber)
            packet.append(other.subtype)
            packet.append(contentsOf: other.bytes)
        }
        packet.set(UInt16(truncatingIfNeeded: packet.count - start), at: start)
    }
}
