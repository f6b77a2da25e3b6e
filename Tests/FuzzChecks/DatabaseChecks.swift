import GeoKit
import TraceCore

/// Rules for any bytes that are opened as a database: they open or give an error, and every query is answered or
/// refused, the same way each time; of one that is sound, nothing is refused.
public func checkDatabase(_ bytes: [UInt8]) throws(Violation) {
    guard let database = try? MMDBDatabase(bytes: bytes) else { return }
    let isSound = (try? database.verify()) != nil
    try check(database, isSound: isSound)
    // A tree from the fuzzer may have more networks than there is time for.
    var networks = database.networks(includingEmpty: true)
    var (last, count) = (IPAddress?.none, 0)
    while count < 64, let found = try? networks.next() {
        count += 1
        try require(found.network.contains(found.address), "a network holds its address")
        if let last { try require(last < found.network.first, "networks come in the order of their addresses") }
        last = found.network.last
        if let record = found.record { try check(record, isSound: isSound) }
    }
}

private func check(_ database: MMDBDatabase, isSound: Bool) throws(Violation) {
    let addresses = [
        IPAddress(v4: 0), IPAddress(v4: .max), IPAddress(192, 0, 2, 1), IPAddress(v6: 0), IPAddress(v6: .max),
        IPAddress(v6: 0x2001_0DB8 << 96),
    ]
    for address in addresses {
        guard let found = try? database.lookup(address) else {
            let isOfItsFamily = address.isV4 || database.metadata.ipVersion == 6
            try require(!isSound || !isOfItsFamily, "a look-up of \(address) in a sound database succeeds")
            continue
        }
        try require(found.network.contains(address), "the network of \(address) holds it")
        if let record = found.record { try check(record, isSound: isSound) }
    }
}

private func check(_ record: MMDBRecord, isSound: Bool) throws(Violation) {
    let value = try? record.value()
    try require(!isSound || value != nil, "a record of a sound database is read")
    let again = try? record.value()
    try require(value == again || value?.isUnequalToItself ?? false, "a record is the same each time")
    _ = try? record.decode(Anything.self)
    _ = try? record.string(at: ["country", "iso_code"])
    _ = try? record.double(at: ["location", "latitude"])
    _ = try? record.integer(at: [0])
    guard case .map(let pairs)? = value, let first = pairs.first else { return }
    // A key made of bytes that are not UTF-8 cannot be asked for by its text.
    guard first.key.bytes == Array(first.key.raw.utf8) else { return }
    let found = try? record.value(at: MMDBPath([.key(first.key.raw)]))
    try require(found == first.value || first.value.isUnequalToItself, "what a path finds is what the record has there")
}

extension MMDBValue {
    /// Whether there is a number in it that is none. An array is equal to itself without a look at what it holds.
    fileprivate var isUnequalToItself: Bool {
        switch self {
        case .map(let pairs): pairs.contains { $0.value.isUnequalToItself }
        case .array(let values): values.contains(where: \.isUnequalToItself)
        case .double(let number): number.isNaN
        case .float(let number): number.isNaN
        default: false
        }
    }
}

/// Decodes whatever is there, to any depth.
private indirect enum Anything: Decodable {
    case map([String: Anything])
    case array([Anything])
    case other

    init(from decoder: any Decoder) throws {
        if let map = try Self.ifOfType({ try [String: Anything](from: decoder) }) {
            self = .map(map)
        } else if let array = try Self.ifOfType({ try [Anything](from: decoder) }) {
            self = .array(array)
        } else {
            let container = try decoder.singleValueContainer()
            _ = try? container.decode(UntrustedText.self)
            _ = try? container.decode(Double.self)
            _ = try? container.decode(UInt128.self)
            _ = try? container.decode(Bool.self)
            _ = try? container.decode([UInt8].self)
            self = .other
        }
    }

    /// What the body gives; nil if it found another type. What breaks a rule is thrown on.
    private static func ifOfType<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch DecodingError.typeMismatch(_, let context) where !context.debugDescription.isEmpty {
            return nil
        }
    }
}
