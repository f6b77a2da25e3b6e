/// Why something could not be measured: what happened, and what to do about it.
///
/// A lost probe, a silent router or an unreachable host is a result and never an error.
///
/// Two errors are equal when their codes are: messages, remedies and system errors are not compared. So a test can
/// expect an error without repeating its sentence, and a caller can write `catch ProbeError.Code.notPermitted`.
public struct ProbeError: Error, Sendable {
    /// What kind of failure it is.
    public struct Code: RawRepresentable, Sendable, Hashable, Codable {
        /// The code's name, as reports carry it.
        public let rawValue: String
        /// A code of your own.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name has no address.
        public static let unknownHost = Code(rawValue: "unknownHost")
        /// No look-up gave an answer within its time.
        public static let lookupFailed = Code(rawValue: "lookupFailed")
        /// The system knows no way to the target.
        public static let noRoute = Code(rawValue: "noRoute")
        /// The system does not let this user do it.
        public static let notPermitted = Code(rawValue: "notPermitted")
        /// This platform or this prober cannot do it.
        public static let unsupported = Code(rawValue: "unsupported")
        /// A setting makes no sense.
        public static let badSetting = Code(rawValue: "badSetting")
        /// The system is out of something: descriptors, buffers, memory.
        public static let outOfResources = Code(rawValue: "outOfResources")
        /// The packet is larger than the way out of this machine takes, and must not be cut.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// Sending or receiving failed.
        public static let network = Code(rawValue: "network")
        /// The caller cancelled before anything was known.
        public static let cancelled = Code(rawValue: "cancelled")
        /// The input is not what it should be: a topology, an event log.
        public static let badInput = Code(rawValue: "badInput")
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened, in a sentence.
    public let message: String
    /// What to do about it, in a sentence, where something can be done.
    public let remedy: String?
    /// The system's own number for it, where there is one.
    public let systemError: Int32?

    /// An error with its sentence and, where there is one, the remedy.
    public init(_ code: Code, _ message: String, remedy: String? = nil, systemError: Int32? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.systemError = systemError
    }
}

extension ProbeError: Hashable {
    /// Errors are equal when their codes are.
    public static func == (left: ProbeError, right: ProbeError) -> Bool { left.code == right.code }

    /// Hashes the code alone, as equality does.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

}

extension ProbeError.Code {
    /// Lets `catch ProbeError.Code.notPermitted` match by code, also where the error's type is not known.
    public static func ~= (pattern: ProbeError.Code, error: any Error) -> Bool {
        pattern == (error as? ProbeError)?.code
    }
}

extension ProbeError: CustomStringConvertible {
    /// The message, and the remedy where there is one.
    public var description: String {
        guard let remedy else { return message }
        return "\(message). \(remedy)"
    }
}

extension ProbeError: Codable {}
