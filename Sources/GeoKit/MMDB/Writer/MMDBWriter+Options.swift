public import TraceCore

extension MMDBWriter {
    /// The size of a record of the search tree, which limits the size of the file.
    public enum RecordSize: Int, Sendable, Hashable, CaseIterable {
        /// For a tree and data of up to 16 MB.
        case bits24 = 24
        /// For up to 256 MB.
        case bits28 = 28
        /// For up to 4 GB.
        case bits32 = 32
    }

    /// The properties of a database, and what its metadata say.
    public struct Options: Sendable, Hashable {
        /// A name that tells programs what the records contain: `MyCompany-City`.
        public var databaseType: String
        /// A description of the database, by language: `["en": "…"]`.
        public var description: [String: String]
        /// The languages of the names in it, such as `en` or `pt-BR`.
        public var languages: [String]
        /// The addresses that the database can have. An IPv4 database has only these; an IPv6 database has both, with
        /// the IPv4 networks in `::/96`.
        public var ipVersion: IPAddress.Family
        /// The size of the tree's records, or nil for the smallest that fits.
        public var recordSize: RecordSize?
        /// When the database was made, to the second, or nil for the time of writing.
        public var buildDate: UTCTime?
        /// Whether `::ffff:0:0/96`, `2002::/16` (6to4) and `2001::/32` (Teredo) lead to the IPv4 networks.
        ///
        /// This applies to IPv6 databases only. With aliases, networks in these ranges cannot be inserted.
        public var ipv4Aliases: Bool

        /// The properties of a database; by default, of one with IPv6 and IPv4 addresses that is as small as possible.
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
