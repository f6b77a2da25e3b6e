internal import TraceCore

extension MMDBDatabase {
    /// Checks the whole search tree and every value, and throws for the first rule that the file breaks.
    ///
    /// If it throws nothing, every look-up of an address succeeds, and every record can be read as a whole.
    ///
    /// Whatever the file contains, each byte is read a few times. For most files, the memory needed is a third of the
    /// file's size; it is at most three times that size.
    public func verify() throws(MMDBError) {
        try verifySeparator()
        let file = file
        try file.bytes.withSpan { bytes throws(MMDBError) in
            let map = try DataMap(of: file.data, in: bytes)
            var costs = DataCosts(map)
            try costs.check(in: bytes)
            var tree = TreeCheck(file, values: map.values)
            try tree.check(in: bytes)
        }
    }

    private func verifySeparator() throws(MMDBError) {
        try file.bytes.withSpan { bytes throws(MMDBError) in
            for offset in file.tree.size..<file.data.start where bytes[offset] != 0 {
                throw MMDBError(
                    .broken, "the 16 bytes between the search tree and the data are not all zero", at: offset)
            }
        }
    }
}
