extension ProbeRegistry {
    /// For how many nanoseconds after it was sent a probe matters to its channel.
    struct Hold: Sendable, Hashable {
        /// How long the run waits for an answer: until then a probe keeps its identity.
        let timeout: Int64
        /// How long a late answer is of interest: until then it keeps it too, unless others are short of identities.
        let memory: Int64

        init(timeout: Int64? = nil, memory: Int64) {
            self.timeout = max(0, timeout ?? memory)
            self.memory = max(self.timeout, memory)
        }

        /// What a channel's settings say.
        init(_ settings: ChannelSettings) {
            self.init(timeout: settings.timeout?.wholeNanoseconds, memory: settings.memory.wholeNanoseconds)
        }
    }
}

/// The open channels of a book by their numbers, and how long each holds its identities.
///
/// Numbers count up, so that what answers a probe of a closed channel is not taken for the next one's; a number's place is
/// its remainder, so that finding it is one look into an array.
struct ChannelSeats: Sendable {
    private struct Seat {
        var number: UInt32 = 0
        var hold: ProbeRegistry.Hold?
    }

    private var seats = Array(repeating: Seat(), count: 16)
    private var last: UInt32 = 0
    private var count = 0
    /// The longest memory of an open channel.
    private(set) var longestMemory: Int64 = 0

    /// How long a channel holds its identities, or nil if it is closed.
    @inline(__always) subscript(number: UInt32) -> ProbeRegistry.Hold? {
        let seat = seats[Int(number) & (seats.count - 1)]
        return seat.number == number ? seat.hold : nil
    }

    /// Opens a channel, and gives its number.
    mutating func open(_ hold: ProbeRegistry.Hold) -> UInt32 {
        if count * 2 >= seats.count { grow() }
        repeat { last &+= 1 } while seats[Int(last) & (seats.count - 1)].hold != nil
        open(last, hold)
        return last
    }

    /// Opens a channel under a number of one's own.
    mutating func open(_ number: UInt32, _ hold: ProbeRegistry.Hold) {
        seats[Int(number) & (seats.count - 1)] = Seat(number: number, hold: hold)
        count += 1
        longestMemory = max(longestMemory, hold.memory)
    }

    /// Closes a channel.
    mutating func close(_ number: UInt32) {
        guard let hold = self[number] else { return }
        seats[Int(number) & (seats.count - 1)].hold = nil
        count -= 1
        if hold.memory == longestMemory { longestMemory = seats.lazy.compactMap(\.hold?.memory).max() ?? 0 }
    }

    private mutating func grow() {
        var larger = Array(repeating: Seat(), count: seats.count * 2)
        for seat in seats where seat.hold != nil { larger[Int(seat.number) & (larger.count - 1)] = seat }
        seats = larger
    }
}
