package import TraceCore

/// Something that is to be told to somebody, until it is taken or given up.
package struct StoredDelivery: Sendable, Hashable {
    /// What becomes of it.
    package enum State: Sendable, Hashable {
        /// It is to be tried at a time.
        case waiting(until: UTCTime)
        /// The receiver has it.
        case taken
        /// It is not tried any more.
        case givenUp
    }

    /// Its name, the same at each try.
    package var id: String
    /// The alert that it is about.
    package var alert: Int64?
    /// Whom it is for.
    package var receiver: String
    /// What is told.
    package var body: [UInt8]
    /// When it was made.
    package var made: UTCTime
    /// What becomes of it.
    package var state: State
    /// How often it was tried.
    package var tries = 0
    /// What came of the last try.
    package var words: String?

    /// A delivery that is to be tried at once.
    package init(id: String, alert: Int64?, receiver: String, body: [UInt8], made: UTCTime) {
        (self.id, self.alert, self.receiver, self.body, self.made) = (id, alert, receiver, body, made)
        state = .waiting(until: made)
    }
}

extension StoreWriter {
    /// Keeps deliveries. One whose name is there already stays as it is.
    package func append(_ deliveries: [StoredDelivery]) throws(StoreError) {
        for delivery in deliveries {
            try database.run(
                """
                INSERT INTO delivery(id, alert, receiver, body, made, due, tries, state, words)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING
                """, .text(delivery.id), delivery.alert.map { .int($0) } ?? .null, .text(delivery.receiver),
                .bytes(delivery.body), .time(delivery.made), .time(delivery.due ?? delivery.made),
                .int(delivery.tries), .int(delivery.stateNumber), .text(delivery.words))
        }
    }

    /// Notes a try and what becomes of the delivery; whether it was waiting.
    @discardableResult
    package func settle(_ delivery: String, _ state: StoredDelivery.State, words: String?) throws(StoreError) -> Bool {
        var settled = StoredDelivery(id: delivery, alert: nil, receiver: "", body: [], made: .epoch)
        settled.state = state
        return try database.run(
            """
            UPDATE delivery SET tries = tries + 1, state = ?, due = coalesce(?, due), words = ?
            WHERE id = ? AND state = 0
            """, .int(settled.stateNumber), .time(settled.due), .text(words), .text(delivery)) > 0
    }

    /// Forgets what was taken or given up and made before a time, at most so much at once.
    @discardableResult
    package func removeSettledDeliveries(before time: UTCTime, limit: Int = 1_000) throws(StoreError) -> Int {
        try database.run(
            """
            DELETE FROM delivery WHERE rowid IN
                (SELECT rowid FROM delivery WHERE state != 0 AND made < ? ORDER BY made LIMIT ?)
            """, .time(time), .int(limit))
    }
}

extension StoreReader {
    private static let deliveryColumns =
        "SELECT id, alert, receiver, body, made, due, tries, state, words FROM delivery"

    /// What is to be tried now, what waits longest first.
    package func dueDeliveries(now: UTCTime, limit: Int) throws(StoreError) -> [StoredDelivery] {
        try database.all(
            "\(Self.deliveryColumns) WHERE state = 0 AND due <= ? ORDER BY due LIMIT ?", .time(now), .int(limit),
            read: delivery)
    }

    /// When the next delivery is to be tried, if any waits.
    package func nextDeliveryTime() throws(StoreError) -> UTCTime? {
        try database.number("SELECT min(due) FROM delivery WHERE state = 0").map {
            UTCTime(microsecondsSince1970: $0)
        }
    }

    /// The deliveries about an alert, in the order in which they were made.
    package func deliveries(about alert: Int64) throws(StoreError) -> [StoredDelivery] {
        try database.all("\(Self.deliveryColumns) WHERE alert = ? ORDER BY made, rowid", .int(alert), read: delivery)
    }

    private func delivery(_ row: SQLRow) -> StoredDelivery {
        var delivery = StoredDelivery(
            id: row.text(0), alert: row.isNull(1) ? nil : row.int(1), receiver: row.text(2), body: row.bytes(3),
            made: row.time(4))
        delivery.tries = Int(row.int(6))
        delivery.words = row.optionalText(8)
        switch row.int(7) {
        case 0: delivery.state = .waiting(until: row.time(5))
        case 1: delivery.state = .taken
        default: delivery.state = .givenUp
        }
        return delivery
    }
}

extension StoredDelivery {
    fileprivate var due: UTCTime? { if case .waiting(let time) = state { time } else { nil } }

    fileprivate var stateNumber: Int {
        switch state {
        case .waiting: 0
        case .taken: 1
        case .givenUp: 2
        }
    }
}
