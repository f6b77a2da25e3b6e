/// Deals out a budget of probes a second to the runs that share it, in turns.
///
/// There is one schedule, on which each probe takes as long as the budget says. A run that wants to send reserves a piece
/// at its end, and no more than one; so runs take turns, each waits for its own moment, and nobody has to be woken.
/// `frontier` is how far the schedule has come. It moves with the clock, skips what was reserved and given up, and gets
/// a little ahead of the last reservation while nobody wants anything: a run that comes then need not wait. It stands still
/// while nothing can be sent anyway; otherwise more and more runs would take their turn to have come, and all ask.
///
/// Runs wake up late. So that those who come at the same time do not exceed the budget together, a grant is also held
/// against what was sent within the last ``window``. A probe counts there from its grant until that long after it was sent:
/// it may leave at any moment between the two.
///
/// The clock is the caller's, so that tests can be anybody.
struct ProbeSchedule: Sendable {
    /// What one run has of it.
    struct Share: Sendable {
        /// What is reserved: from where on the schedule, and how many probes.
        fileprivate var reservation: (start: Duration, count: Int)?
        /// Whether it has reserved anything before.
        fileprivate var isKnown = false
        /// What was granted and is not yet known to be sent.
        fileprivate(set) var granted = 0
        /// How long to wait before asking again is of use.
        fileprivate(set) var pause: Duration = .zero
    }

    /// The span in which no more is sent than the budget says, wherever it begins.
    static let window: Duration = .milliseconds(100)
    /// How much of the schedule one run gets at a time if others wait, shared with them, where a probe is not more already.
    private static let turn: Duration = .milliseconds(10)
    /// How far the schedule gets ahead while nobody wants anything: a path is asked at once then, as far as that goes.
    private static let usualLead: Duration = .milliseconds(25)
    /// Nobody has to ask again sooner than that.
    private static let shortestPause: Duration = .microseconds(50)
    /// Others may have left before, so that a turn comes sooner than it seemed.
    private static let longestPause: Duration = .milliseconds(200)

    /// The most probes within a window.
    let most: Int
    /// What a probe takes of the schedule.
    let interval: Duration
    /// The window: longer than usual where the budget is less than a probe in it.
    let window: Duration

    private let lead: Duration
    private var frontier: Duration = .zero
    private var tail: Duration = .zero
    /// When the frontier was last moved.
    private var movedAt: Duration = .zero
    /// The frontier does not move before this time.
    private var stopsUntil: Duration = .zero
    /// How many runs have reserved something.
    private var waiting = 0
    /// Pieces that were reserved and will not be used, first ones first.
    private var holes = BinaryHeap<Hole>()
    /// What was sent within the window, oldest first, as a ring.
    private var log: [(at: Duration, count: Int)] = []
    private var first = 0
    private var sent = 0
    /// What was granted, by all runs.
    private var granted = 0

    /// A schedule for a budget of at least one probe a second.
    init(probesPerSecond rate: Int) {
        let rate = max(1, rate)
        // Whole probes in each window: of a budget of 25 a second, 20 are used.
        most = max(1, rate / 10)
        window = rate >= 10 ? Self.window : .seconds(1) / rate
        interval = window / most
        lead = max(Self.usualLead, interval)
        frontier = lead
    }

    /// How many probes a run may send now.
    ///
    /// - Parameters:
    ///   - limit: How many it would send.
    ///   - share: Its share; what it was granted before and has not sent is given back.
    ///   - now: The time.
    mutating func ready(upTo limit: Int, for share: inout Share, at now: Duration) -> Int {
        settle(&share, sent: 0, at: now)
        guard limit > 0 else { return 0 }
        advance(to: now)
        let reserved = share.reservation ?? reserve(limit, for: &share)
        share.reservation = reserved
        let end = reserved.start + interval * reserved.count
        if frontier < end {
            let wait = end - frontier + max(.zero, stopsUntil - now)
            share.pause = min(max(wait, Self.shortestPause), Self.longestPause)
            return 0
        }
        forget(at: now)
        let room = most - sent - granted
        guard room > 0 else {
            let wait = firstLeaves(at: now)
            stopsUntil = max(stopsUntil, now + wait)
            share.pause = max(wait, Self.shortestPause)
            return 0
        }
        let count = min(reserved.count, limit, room)
        share.reservation = nil
        waiting -= 1
        share.granted = count
        granted += count
        if count < reserved.count { giveBack(reserved.count - count) }
        return count
    }

    /// Takes note that a run has sent what it was granted, or less.
    mutating func spend(_ count: Int, of share: inout Share, at now: Duration) {
        settle(&share, sent: count, at: now)
    }

    /// Takes back all that a run has: it is over, or wants nothing for a while.
    mutating func release(_ share: inout Share, at now: Duration) {
        settle(&share, sent: 0, at: now)
        guard let (start, count) = share.reservation else { return }
        share.reservation = nil
        waiting -= 1
        advance(to: now)
        let end = start + interval * count
        // What has passed is made up for, and what is to come is skipped when its time comes.
        if end > frontier { holes.insert(Hole(start: max(start, frontier), end: end)) }
        if frontier > start { frontier += min(frontier, end) - start }
    }

    // MARK: - The schedule

    /// Reserves the next piece: all that is wanted, but no more than a turn divided by those who wait.
    private mutating func reserve(_ limit: Int, for share: inout Share) -> (start: Duration, count: Int) {
        waiting += 1
        let turn = Int(Self.turn.wholeNanoseconds / max(1, interval.wholeNanoseconds)) / waiting
        // Of many that come together, the first ones do not know of the others.
        let count = share.isKnown ? min(limit, max(1, min(turn, most))) : 1
        share.isKnown = true
        let start = tail
        tail += interval * count
        return (start, count)
    }

    /// Moves the frontier with the clock, over what nobody will use.
    private mutating func advance(to now: Duration) {
        let from = max(movedAt, stopsUntil)
        if now > from { frontier += now - from }
        movedAt = max(movedAt, now)
        while let hole = holes.first, hole.start <= frontier {
            _ = holes.popFirst()
            frontier += hole.end - hole.start
        }
        frontier = min(frontier, tail + lead)
    }

    /// Makes up for a piece of the schedule that has passed without use.
    private mutating func giveBack(_ count: Int) { frontier += interval * count }

    // MARK: - What was sent

    private mutating func settle(_ share: inout Share, sent count: Int, at now: Duration) {
        let unused = share.granted - count
        granted -= share.granted
        share.granted = 0
        if unused > 0 { giveBack(unused) }
        guard count > 0 else { return }
        forget(at: now)
        log.append((now, count))
        sent += count
    }

    private mutating func forget(at now: Duration) {
        while first < log.count, log[first].at <= now - window {
            sent -= log[first].count
            first += 1
        }
        // The front is cut off when it is as long as the rest, so that each entry moves once at the most.
        if first > 32, first * 2 > log.count {
            log.removeFirst(first)
            first = 0
        }
    }

    /// How long it takes until something of the window can be sent again.
    private func firstLeaves(at now: Duration) -> Duration {
        first < log.count ? log[first].at + window - now : .milliseconds(1)
    }
}

/// A piece of the schedule that nobody will use.
private struct Hole: Comparable, Sendable {
    let start: Duration
    let end: Duration

    static func < (left: Hole, right: Hole) -> Bool { left.start < right.start }
}
