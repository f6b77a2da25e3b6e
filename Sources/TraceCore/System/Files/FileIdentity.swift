internal import CTraceCoreSystem

/// What tells a file from the one that takes its name: where it is stored, its size and when it was written.
package struct FileIdentity: Sendable, Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modifiedSeconds: Int64
    private let modifiedNanoseconds: Int64

    init(_ facts: tracecore_file_facts) {
        device = facts.device
        inode = facts.inode
        size = facts.size
        modifiedSeconds = facts.modified_seconds
        modifiedNanoseconds = facts.modified_nanoseconds
    }

    /// The identity of the file that has a name now.
    package init(path: String) throws(FileError) {
        var facts = tracecore_file_facts()
        let result = unsafe tracecore_file_look(path, &facts)
        guard result == 0 else { throw FileError(.system(-result)) }
        self.init(facts)
    }
}
