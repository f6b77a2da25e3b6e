/// The columns of mtr's table in their order, as `mtr -o` takes them: `LS NABWV`.
public struct MTRFields: Sendable, Hashable {
    /// The columns, from left to right.
    public let fields: [MTRField]

    /// What mtr shows unless it is told otherwise: loss and round trips.
    public static let latency = MTRFields(fields: [
        .loss, .sent, .gap, .newest, .average, .best, .worst, .deviation,
    ])
    /// What mtr shows when it is asked for jitter.
    public static let jitter = MTRFields(fields: [
        .dropped, .received, .gap, .average, .geometricMean, .jitter, .jitterMean, .jitterWorst, .interarrivalJitter,
    ])

    private init(fields: [MTRField]) { self.fields = fields }

    /// The columns that letters stand for, or nil for a letter that is none, for one given twice, or for no letter.
    public init?(_ letters: String) {
        var fields: [MTRField] = []
        for letter in letters {
            guard let field = MTRField(rawValue: Character(letter.uppercased())) else { return nil }
            // Twice the same key is no JSON that anybody can read.
            if field != .gap, fields.contains(field) { return nil }
            fields.append(field)
        }
        guard fields.contains(where: { $0 != .gap }) else { return nil }
        self.fields = fields
    }
}

extension MTRFields: CustomStringConvertible {
    /// The letters.
    public var description: String { String(fields.map(\.rawValue)) }
}
