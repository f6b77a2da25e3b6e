internal import Synchronization

/// The way from a record to a value in it: `["country", "iso_code"]`, `["subdivisions", 0, "iso_code"]`.
///
/// Keep one that is used often: each literal is built anew wherever it stands.
public struct MMDBPath: Sendable, Hashable {
    /// One step of the way.
    public enum Step: Sendable, Hashable {
        /// To the value under a key of a map.
        case key(String)
        /// To an element of an array, counted from 0.
        case index(Int)
    }

    /// The steps, from the record on.
    public var steps: [Step] { searches.map(\.step) }
    /// The steps in the form in which they are looked for.
    let searches: [Search]

    /// A path of these steps; none leads to the record itself.
    public init(_ steps: [Step]) {
        searches = steps.map(Search.init)
        number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// What tells it from others in a cache. Copies share it; two that were made alike do not.
    let number: UInt64
    private static let numbers = Atomic<UInt64>(0)

    /// Whether two paths have the same steps.
    public static func == (left: MMDBPath, right: MMDBPath) -> Bool { left.searches == right.searches }

    /// Hashes the steps.
    public func hash(into hasher: inout Hasher) { hasher.combine(searches) }

    /// A step with what it takes to find it.
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
    /// The steps with slashes between them, `/subdivisions/0/iso_code`.
    public var description: String {
        steps.map { step in
            switch step {
            case .key(let name): "/\(name)"
            case .index(let index): "/\(index)"
            }
        }.joined()
    }
}
