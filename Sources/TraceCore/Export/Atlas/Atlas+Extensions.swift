extension Atlas {
    /// MPLS labels and interfaces in an answer, as RIPE Atlas writes them.
    public struct Extensions: Sendable, Hashable, Codable {
        /// The version of the extensions: 2 (RFC 4884).
        public var version: Int
        /// The objects in the answer.
        public var objects: [Object]

        private enum CodingKeys: String, CodingKey {
            case version
            case objects = "obj"
        }

        /// One object.
        public struct Object: Sendable, Hashable, Codable {
            /// The subject: 1 for labels, 2 for an interface.
            public var objectClass: UInt8
            /// Its type within the class.
            public var type: UInt8
            /// The labels, outermost first.
            public var labels: [Label]?

            private enum CodingKeys: String, CodingKey {
                case objectClass = "class"
                case type
                case labels = "mpls"
            }
        }

        /// An MPLS label.
        public struct Label: Sendable, Hashable, Codable {
            /// The label.
            public var label: UInt32
            /// The traffic class.
            public var exp: UInt8
            /// 1 for the last entry of the stack, 0 for others.
            public var s: Int
            /// The time to live within the MPLS network.
            public var ttl: UInt8
        }

        /// The extensions of an answer, or nil if it has none.
        init?(_ reply: ProbeReply) {
            var objects: [Object] = []
            if !reply.labels.isEmpty {
                let labels = reply.labels.map {
                    Label(label: $0.label, exp: $0.exp, s: $0.bottom ? 1 : 0, ttl: $0.ttl)
                }
                objects.append(Object(objectClass: 1, type: 1, labels: labels))
            }
            if let interface = reply.interface {
                objects.append(Object(objectClass: 2, type: interface.subtype, labels: nil))
            }
            guard !objects.isEmpty else { return nil }
            version = 2
            self.objects = objects
        }
    }
}
