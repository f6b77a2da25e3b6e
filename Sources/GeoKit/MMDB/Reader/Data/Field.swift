/// The beginning of a value in the data section: its type, its size and where its content begins.
struct Field {
    typealias Kind = MMDBFormat.FieldType

    var kind: Kind
    /// The number of bytes of content, of pairs of a map or of elements of an array; the value of a boolean; the target
    /// of a pointer, from the beginning of the file.
    var size: Int
    /// Where the content begins, from the beginning of the file.
    var start: Int

    /// Where the next value begins, if this one holds no others.
    var end: Int {
        switch kind {
        case .pointer, .boolean, .map, .array: start
        default: start &+ size
        }
    }
}
