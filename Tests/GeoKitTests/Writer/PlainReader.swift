import GeoKit
import TraceCore

/// A reader of databases as plain as can be, by the specification alone: what the writer's files are held against.
struct PlainReader {
    let bytes: [UInt8]
    let nodeCount: Int
    let recordSize: Int
    let ipVersion: Int
    let metadata: MMDBValue
    private let dataStart: Int

    struct Broken: Error {}

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let marker = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        let start = (0...bytes.count - marker.count).last { bytes[$0...].starts(with: marker) }
        guard let start else { throw Broken() }
        var decoder = Decoder(bytes: bytes, base: start + marker.count, position: start + marker.count)
        metadata = try decoder.value()
        // Nothing may point out of the metadata, or within them.
        guard decoder.pointers == 0, decoder.position == bytes.count else { throw Broken() }
        guard case .uint32(let nodes)? = metadata["node_count"], case .uint16(let size)? = metadata["record_size"],
            case .uint16(let version)? = metadata["ip_version"]
        else { throw Broken() }
        nodeCount = Int(nodes)
        recordSize = Int(size)
        ipVersion = Int(version)
        dataStart = nodeCount * recordSize / 4 + 16
        guard bytes[dataStart - 16..<dataStart].allSatisfy({ $0 == 0 }) else { throw Broken() }
    }

    /// Where the data of an address begin, and how long its network's prefix is.
    func find(_ address: IPAddress) throws -> (offset: Int?, length: Int) {
        var bits = address.bits
        var width = address.family.bitWidth
        if ipVersion == 6 { width = 128 }
        if ipVersion == 4, address.isV6 { throw Broken() }
        bits <<= UInt128(128 - width)
        var node = 0
        for depth in 0..<width {
            node = record(node, Int(truncatingIfNeeded: bits >> UInt128(127 - depth)) & 1)
            if node == nodeCount { return (nil, depth + 1) }
            if node > nodeCount { return (node - nodeCount - 16, depth + 1) }
        }
        throw Broken()
    }

    func value(_ address: IPAddress) throws -> MMDBValue? {
        guard let offset = try find(address).offset else { return nil }
        return try value(at: offset)
    }

    func value(at offset: Int) throws -> MMDBValue {
        var decoder = Decoder(bytes: bytes, base: dataStart, position: dataStart + offset)
        return try decoder.value()
    }

    func record(_ node: Int, _ side: Int) -> Int { Self.record(node, side, of: bytes, size: recordSize) }

    /// One of the two records of a node, whatever else is wrong in the file.
    static func record(_ node: Int, _ side: Int, of bytes: [UInt8], size: Int) -> Int {
        let start = node * size / 4
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 << 8 | Int(bytes[start + $1]) } }
        switch (size, side) {
        case (24, 0): return number(0..<3)
        case (24, _): return number(3..<6)
        case (28, 0): return Int(bytes[start + 3] >> 4) << 24 | number(0..<3)
        case (28, _): return Int(bytes[start + 3] & 15) << 24 | number(4..<7)
        case (_, 0): return number(0..<4)
        default: return number(4..<8)
        }
    }

    struct Decoder {
        let bytes: [UInt8]
        let base: Int
        var position: Int
        var pointers = 0

        mutating func number(_ count: Int) throws -> UInt128 {
            guard position + count <= bytes.count else { throw Broken() }
            defer { position += count }
            return bytes[position..<position + count].reduce(0) { $0 << 8 | UInt128($1) }
        }

        mutating func value() throws -> MMDBValue {
            let control = Int(try number(1))
            var type = control >> 5
            var size = control & 31
            if type == 1 {
                pointers += 1
                let high = UInt128(control & 7)
                let target =
                    switch control >> 3 & 3 {
                    case 0: high << 8 | (try number(1))
                    case 1: (high << 16 | (try number(2))) + 2048
                    case 2: (high << 24 | (try number(3))) + 526_336
                    default: try number(4)
                    }
                let back = position
                position = base + Int(target)
                guard position < bytes.count, bytes[position] >> 5 != 1 else { throw Broken() }
                defer { position = back }
                return try value()
            }
            if type == 0 { type = 7 + Int(try number(1)) }
            if size == 29 {
                size = 29 + Int(try number(1))
            } else if size == 30 {
                size = 285 + Int(try number(2))
            } else if size == 31 {
                size = 65_821 + Int(try number(3))
            }
            switch type {
            case 2: return .string(UntrustedText(decoding: try content(size)))
            case 3: return .double(Double(bitPattern: UInt64(try number(8))))
            case 4: return .bytes(try content(size))
            case 5: return .uint16(UInt16(try number(size)))
            case 6: return .uint32(UInt32(try number(size)))
            case 7:
                var pairs: [MMDBValue.Pair] = []
                for _ in 0..<size {
                    guard case .string(let key) = try value() else { throw Broken() }
                    pairs.append(.init(key, try value()))
                }
                return .map(pairs)
            case 8: return .int32(Int32(bitPattern: UInt32(try number(size))))
            case 9: return .uint64(UInt64(try number(size)))
            case 10: return .uint128(try number(size))
            case 11: return .array(try (0..<size).map { _ in try value() })
            case 14: return .boolean(size == 1)
            case 15: return .float(Float(bitPattern: UInt32(try number(4))))
            default: throw Broken()
            }
        }

        private mutating func content(_ count: Int) throws -> [UInt8] {
            guard position + count <= bytes.count else { throw Broken() }
            defer { position += count }
            return Array(bytes[position..<position + count])
        }
    }
}

extension MMDBValue {
    /// What stands under a key, if this is a map that has it.
    subscript(key: String) -> MMDBValue? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key.raw == key }?.value
    }

    /// A map with texts, for tests.
    static func texts(_ pairs: KeyValuePairs<String, String>) -> MMDBValue {
        .map(pairs.map { .init(UntrustedText($0.key), .string(UntrustedText($0.value))) })
    }
}

/// A network that a test spells.
func network(_ text: String) -> IPNetwork {
    guard let network = IPNetwork(text) else { preconditionFailure("\(text) is no network") }
    return network
}

/// An address that a test spells.
func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}
