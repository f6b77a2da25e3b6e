/// Which rooms of a library may use the names of which others.
struct Floors {
    /// The rooms from the top: each may use those on the floors below, and no other on its own.
    let rooms: [[String]]
    /// What a room may use beside it, on its own floor.
    var beside: [String: Set<String>] = [:]

    /// Whether a room may use the names of another.
    func may(_ room: String, use other: String) -> Bool {
        guard room != other else { return true }
        guard let floor = rooms.firstIndex(where: { $0.contains(room) }),
            let otherFloor = rooms.firstIndex(where: { $0.contains(other) })
        else { return false }
        return floor < otherFloor || beside[room]?.contains(other) ?? false
    }

    /// What files use that their rooms may not: a line for each name in each file, which says where.
    ///
    /// - Parameters:
    ///   - files: All files of the library.
    ///   - pureRooms: The rooms that may not use the system, although it is below them.
    ///   - system: The room that the system is in.
    func violations(in files: [SourceFile], pureRooms: Set<String> = [], system: String? = nil) -> [String] {
        var owners: [String: Set<String>] = [:]
        var nested: [String: Set<String>] = [:]
        for file in files {
            for type in file.types where !type.isPrivate { owners[type.name, default: []].insert(file.room) }
            nested[file.room, default: []].formUnion(file.nestedNames)
        }
        let known = Set(rooms.joined())
        return files.flatMap { file in
            guard known.contains(file.room) else {
                return ["\(file.path): it is in no room of the table: add \"\(file.room)\" or move the file"]
            }
            var found: [String] = []
            var seen = Set(file.types.map(\.name))
            for use in file.uses where seen.insert(use.name).inserted {
                // The nearest declaration of a name is the one that is meant.
                guard let rooms = owners[use.name], !(nested[file.room]?.contains(use.name) ?? false),
                    !rooms.contains(where: {
                        may(file.room, use: $0) && !(pureRooms.contains(file.room) && $0 == system)
                    })
                else { continue }
                let owner = rooms.sorted().joined(separator: " and ")
                found.append("\(file.path):\(use.line): \(file.room) uses \(use.name), which is in \(owner)")
            }
            return found
        }
    }
}
