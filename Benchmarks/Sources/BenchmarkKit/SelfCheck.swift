import AllocationCounter

/// Proves, before anything is measured, that allocations are counted: all of them, and nothing else.
enum SelfCheck {
    private final class Object {}

    /// What is wrong with the counter, or nil.
    static func problem() -> String? {
        guard allocation_counter_available() else {
            return "allocations cannot be counted on this platform: only glibc's heap can be"
        }
        let nothing = count {}
        guard nothing == 0 else { return "doing nothing was counted as \(nothing) allocations" }

        allocation_counter_start()
        let expected = allocation_counter_exercise()
        let direct = allocation_counter_stop()
        guard direct == expected else {
            return "\(expected) calls from C were counted as \(direct) allocations"
        }

        // The Swift runtime is a shared library: it must have been bound to the counting functions too.
        let object = count { keep(Object()) }
        guard object == 1 else { return "one Swift object was counted as \(object) allocations" }
        let array = count { keep([Int](repeating: 0, count: 100)) }
        guard array == 1 else { return "one Swift array was counted as \(array) allocations" }
        return nil
    }

    @inline(never)
    @_optimize(none)
    private static func count(_ body: () -> Void) -> UInt64 {
        allocation_counter_start()
        body()
        return allocation_counter_stop()
    }
}
