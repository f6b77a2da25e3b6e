// `Duration` codes itself as a pair of integers; documents carry milliseconds, as every tool of the trade.

extension KeyedEncodingContainer {
    /// Writes a duration as a number of milliseconds, exact to the nanosecond.
    public mutating func encode(milliseconds duration: Duration, forKey key: Key) throws {
        try encode(duration.inMilliseconds, forKey: key)
    }

    /// Writes a duration as a number of milliseconds, and nothing where there is none.
    public mutating func encodeIfPresent(milliseconds duration: Duration?, forKey key: Key) throws {
        try encodeIfPresent(duration?.inMilliseconds, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads a duration from a number of milliseconds.
    public func decodeMilliseconds(forKey key: Key) throws -> Duration {
        try duration(milliseconds: decode(Double.self, forKey: key), forKey: key)
    }

    /// Reads a duration from a number of milliseconds; nil where the key is missing or null.
    public func decodeMillisecondsIfPresent(forKey key: Key) throws -> Duration? {
        guard let number = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        return try duration(milliseconds: number, forKey: key)
    }

    private func duration(milliseconds: Double, forKey key: Key) throws -> Duration {
        guard let duration = Duration(milliseconds: milliseconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(milliseconds) ms is not a time between -292 and 292 years.")
        }
        return duration
    }
}
