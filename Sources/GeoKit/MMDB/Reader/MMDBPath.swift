internal import Synchronization

/// The path from a record to a value in it: `["country", "iso_code"]`, `["subdivisions", 0, "iso_code"]`.
///
/// Store a path that is used often: a literal is built again each time it runs.
public struct MMDBPath: Sendable, Hashable {
    /// One step of a path.
    public enum Step: Sendable, Hashable {
        /// To the value for a key of a map.
        case key(String)
        /// To an element of an array, counting from 0.
        case index(Int)
    }

    /// The steps, beginning at the record.
    public var steps: [Step] { searches.map(\.step) }
    /// The steps in the form that the search uses.
    let searches: [Search]

    /// A path of these steps. Without steps, it leads to the record itself.
    public init(_ steps: [Step]) {
        searches = steps.map(Search.init)
        number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// The identity of the path in a cache. Copies share it; two equal paths that were made separately do not.
    let number: UInt64
    private static let numbers = Atomic<UInt64>(0)

    /// Whether two paths have the same steps.
    public static func == (left: MMDBPath, right: MMDBPath) -> Bool { left.searches == right.searches }

    /// Hashes the steps.
    public func hash(into hasher: inout Hasher) { hasher.combine(searches) }

    /// A step, prepared for the search.
    struct Search: Sendable, Hashable {
        let step: Step
        let index: Int
        let key: SearchKey?

        init(_ step: Step) {
            self.step = step
            switch step {
            case .key(let name): (index, key) = (-1, SearchKey(name))
            case .index(let number): (index, key) = (number, nil)
            }
        }
    }
}

extension MMDBPath: ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    /// A path of these steps.
    public init(arrayLiteral steps: Step...) { self.init(steps) }

    /// A path of one key.
    public init(stringLiteral key: String) { self.init([.key(key)]) }
}

extension MMDBPath.Step: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// A key of a map.
    public init(stringLiteral key: String) { self = .key(key) }

    /// An index of an array.
    public init(integerLiteral index: Int) { self = .index(index) }
}

extension MMDBPath: CustomStringConvertible {
    /// The steps with slashes: `/subdivisions/0/iso_code`.
    public var description: String {
        steps.map { step in
            switch step {
            case .key(let name): "/\(name)"
            case .index(let index): "/\(index)"
            }
        }.joined()
    }
}
