public import TraceCore

extension MMDBWriter {
    /// The width of a record of the search tree, which bounds how large the file can be.
    public enum RecordSize: Int, Sendable, Hashable, CaseIterable {
        /// For trees and data of up to 16 MB.
        case bits24 = 24
        /// For up to 256 MB.
        case bits28 = 28
        /// For up to 4 GB.
        case bits32 = 32
    }

    /// How a database is to be, and what its metadata says.
    public struct Options: Sendable, Hashable {
        /// What the database is about, by which programs know what its records hold: `MyCompany-City`.
        public var databaseType: String
        /// The database in a sentence, by language: `["en": "…"]`.
        public var description: [String: String]
        /// The languages that names come in, such as `en` or `pt-BR`.
        public var languages: [String]
        /// Which addresses the database has: one of IPv4 has no others; one of IPv6 has both, IPv4 networks in `::/96`.
        public var ipVersion: IPAddress.Family
        /// The width of the tree's records, or nil for the smallest that fits.
        public var recordSize: RecordSize?
        /// When the database was made, to the second; nil for the time at which it is written.
        public var buildDate: UTCTime?
        /// Whether `::ffff:0:0/96`, `2002::/16` (6to4) and `2001::/32` (Teredo) lead to the IPv4 networks.
        ///
        /// For databases of IPv6 only. Networks cannot be put into these ranges then.
        public var ipv4Aliases: Bool

        /// A database of IPv6 and IPv4 as small as can be, unless something else is said.
        public init(
            databaseType: String, description: [String: String] = [:], languages: [String] = [],
            ipVersion: IPAddress.Family = .v6, recordSize: RecordSize? = nil, buildDate: UTCTime? = nil,
            ipv4Aliases: Bool = true
        ) {
            self.databaseType = databaseType
            self.description = description
            self.languages = languages
            self.ipVersion = ipVersion
            self.recordSize = recordSize
            self.buildDate = buildDate
            self.ipv4Aliases = ipv4Aliases
        }
    }
}
