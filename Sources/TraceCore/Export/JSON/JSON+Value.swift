extension JSON {
    /// Any JSON value; an object keeps the order of its members.
    public enum Value: Sendable, Hashable {
        /// `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A whole number that an `Int64` holds.
        case integer(Int64)
        /// A whole number above the largest `Int64`.
        case unsigned(UInt64)
        /// Any other number.
        case double(Double)
        /// A text.
        case string(String)
        /// A list.
        case array([JSON.Value])
        /// Members in their order; of several with one name, the last one counts.
        case object([Member])

        /// A name and its value.
        public struct Member: Sendable, Hashable {
            /// The name.
            public let name: String
            /// The value.
            public let value: JSON.Value

            /// A name and its value.
            public init(_ name: String, _ value: JSON.Value) {
                self.name = name
                self.value = value
            }
        }

        /// The value of a member, or nil if this is not an object or has no such member.
        public subscript(name: String) -> JSON.Value? {
            guard case .object(let members) = self else { return nil }
            return members.last { $0.name == name }?.value
        }

        /// The kind of the value, for messages.
        var kind: String {
            switch self {
            case .null: "null"
            case .bool: "a boolean"
            case .integer, .unsigned, .double: "a number"
            case .string: "a text"
            case .array: "a list"
            case .object: "an object"
            }
        }
    }
}

extension JSON.Value: Encodable {
    /// Writes the value.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .integer(let value): try value.encode(to: encoder)
        case .unsigned(let value): try value.encode(to: encoder)
        case .double(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        case .array(let values): try values.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: JSONPathKey.self)
            for member in members { try container.encode(member.value, forKey: JSONPathKey(member.name)) }
        }
    }
}
