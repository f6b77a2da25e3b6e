/// What reading one record may take, so that no file makes its reader run or grow without end.
///
/// A few bytes can announce any number of values: pointers may share what they point to, level by level.
struct Budget {
    /// How deep values may be nested.
    static let levels = 512

    /// How many values may still be read.
    private(set) var values = 65_536
    /// How many bytes of strings and byte arrays may still be read.
    private(set) var bytes = 2 << 20

    /// Takes the values that a map or an array holds.
    @inline(__always)
    mutating func takeValues(_ count: Int, at offset: Int) throws(MMDBError) {
        values &-= count
        guard values >= 0 else { throw Self.tooManyValues(offset) }
    }

    /// Takes the bytes of a string or a byte array.
    @inline(__always)
    mutating func takeBytes(_ count: Int, at offset: Int) throws(MMDBError) {
        bytes &-= count
        guard bytes >= 0 else { throw Self.tooManyBytes(offset) }
    }

    /// Throws if a value stands deeper than values may.
    @inline(__always)
    static func check(level: Int, at offset: Int) throws(MMDBError) {
        guard level <= levels else { throw tooDeep(offset) }
    }

    @inline(never) private static func tooManyValues(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record has more than 65536 values", at: offset)
    }

    @inline(never) private static func tooManyBytes(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record has more than 2 MiB of text and bytes", at: offset)
    }

    @inline(never) private static func tooDeep(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record is nested more than \(levels) levels deep", at: offset)
    }
}
