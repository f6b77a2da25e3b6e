/// What a system call failed with.
struct SystemError: Error, Hashable, Sendable {
    /// The system's number for it.
    let number: Int32

    /// Throws if a system call returned a negated error number, and else gives what it returned.
    @discardableResult
    static func check(_ result: Int32) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw SystemError(number: -result) }
        return result
    }
}
