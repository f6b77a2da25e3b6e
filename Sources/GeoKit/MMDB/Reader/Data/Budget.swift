/// The limits for reading one record, so that no file can use up time or memory.
///
/// Without limits, a few bytes can stand for any number of values: pointers may share their targets at every level.
struct Budget {
    /// How many values may still be read.
    private(set) var values = 65_536
    /// How many bytes of strings and byte arrays may still be read.
    private(set) var bytes = 2 << 20

    /// Takes the values of a map or an array from the budget.
    @inline(__always)
    mutating func takeValues(_ count: Int, at offset: Int) throws(MMDBError) {
        values &-= count
        guard values >= 0 else { throw Self.tooManyValues(offset) }
    }

    /// Takes the bytes of a string or a byte array from the budget.
    @inline(__always)
    mutating func takeBytes(_ count: Int, at offset: Int) throws(MMDBError) {
        bytes &-= count
        guard bytes >= 0 else { throw Self.tooManyBytes(offset) }
    }

    /// Throws if a value is nested too deep.
    @inline(__always)
    static func check(level: Int, at offset: Int) throws(MMDBError) {
        guard level <= MMDBFormat.depthLimit else { throw tooDeep(offset) }
    }

    @inline(never) private static func tooManyValues(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record has more than 65536 values", at: offset)
    }

    @inline(never) private static func tooManyBytes(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record has more than 2 MiB of strings and bytes", at: offset)
    }

    @inline(never) private static func tooDeep(_ offset: Int) -> MMDBError {
        MMDBError(.tooMuch, "a record is nested more than \(MMDBFormat.depthLimit) levels deep", at: offset)
    }
}
