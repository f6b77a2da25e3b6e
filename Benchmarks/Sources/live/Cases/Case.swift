/// A part of the table: something that is measured, and the rows that come of it.
struct Case: Sendable {
    /// What it is called on the command line.
    let id: String
    /// What it is, as the table has it.
    let name: String
    private let body: @Sendable (Laboratory, _ name: String) throws -> [Row]

    init(_ id: String, _ name: String, _ body: @escaping @Sendable (Laboratory, _ name: String) throws -> [Row]) {
        self.id = id
        self.name = name
        self.body = body
    }

    /// Measures it.
    func rows(_ laboratory: Laboratory) throws -> [Row] { try body(laboratory, name) }

    /// All, in the order of the table.
    static let all: [Case] = [
        .answering, .silent, .slow, .dead, .many, .errorsIdle, .errorsBusy, .sweep, .largeSweep, .monitors, .service,
    ]
}
