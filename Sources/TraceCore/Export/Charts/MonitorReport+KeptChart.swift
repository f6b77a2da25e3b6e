extension MonitorReport {
    /// What was kept of a path in equal slots of time: what a report and a chart of any past are made of.
    package struct Kept: Sendable {
        /// What was kept of a hop in a slot.
        package struct Hop: Sendable {
            /// Its TTL; 0 stands for the end of the path, wherever it is.
            package let ttl: Int
            /// The probes that were lost.
            package let lost: Int
            /// The round trips of those that were answered.
            package let roundTrips: LatencyHistogram
            /// Who answered, and how often; and whether it was the target.
            package let responders: [(address: IPAddress, count: Int, isTarget: Bool)]

            /// What was kept of a hop.
            package init(
                ttl: Int, lost: Int, roundTrips: LatencyHistogram,
                responders: [(address: IPAddress, count: Int, isTarget: Bool)]
            ) {
                (self.ttl, self.lost, self.roundTrips, self.responders) = (ttl, lost, roundTrips, responders)
            }
        }

        private let run: RunDescription
        private let length: Duration
        private let slots: [[Hop]]
        private let names: [IPAddress: UntrustedText]

        /// - Parameters:
        ///   - run: The target, and when the first slot begins.
        ///   - length: How long each slot is.
        ///   - slots: What was kept in each, in the order of TTLs; nothing where nothing was watched.
        ///   - names: The names of addresses, as far as they are known.
        package init(
            _ run: RunDescription, slotLength length: Duration, slots: [[Hop]], names: [IPAddress: UntrustedText] = [:]
        ) {
            (self.run, self.length, self.slots, self.names) = (run, length, slots, names)
        }

        /// The path over all slots. The changes between slots are those of the router that answers most.
        package var report: MonitorReport {
            var rounds = 0
            var sums: [Int: Sum] = [:]
            var changes: [MonitorReport.Change] = []
            for (index, slot) in slots.enumerated() {
                for hop in slot {
                    if hop.ttl == 0 { rounds += hop.roundTrips.count + hop.lost }
                    let before = sums[hop.ttl]?.most
                    sums[hop.ttl, default: Sum()].add(hop, slot: index)
                    guard hop.ttl > 0, let before, let after = sums[hop.ttl]?.most, before != after else { continue }
                    changes.append(
                        MonitorReport.Change(
                            at: length * index, round: index, ttl: hop.ttl, before: before, after: after))
                }
            }
            // Who asks farther while the target is silent may find it there: that is no longer path, unless it was so for a
            // hundredth of the time.
            let most = sums.filter { $0.key > 0 }.values.map(\.fromTarget).max() ?? 0
            let ends = sums.filter { $0.key > 0 && $0.value.fromTarget > 0 && $0.value.fromTarget >= most / 100 }
            let last = ends.keys.max() ?? sums.keys.max() ?? 0
            let hops = last > 0 ? (1...last).map { ttl in report(of: sums[ttl] ?? Sum(), ttl: ttl) } : []
            return MonitorReport(run: run, rounds: rounds, hops: hops, changes: changes)
        }

        /// What was kept of a hop in all slots.
        private struct Sum {
            var lost = 0
            var roundTrips = LatencyHistogram()
            var responders: [IPAddress: (count: Int, isTarget: Bool, slot: Int)] = [:]
            /// Who answered most in the last slot in which anybody did.
            var most: IPAddress?

            /// How often the target answered.
            var fromTarget: Int { responders.values.reduce(0) { $0 + ($1.isTarget ? $1.count : 0) } }

            mutating func add(_ hop: Hop, slot: Int) {
                lost += hop.lost
                roundTrips.merge(hop.roundTrips)
                for one in hop.responders {
                    responders[one.address] = ((responders[one.address]?.count ?? 0) + one.count, one.isTarget, slot)
                }
                most = hop.responders.max { ($0.count, $1.address) < ($1.count, $0.address) }?.address ?? most
            }
        }

        private func report(of sum: Sum, ttl: Int) -> MonitorReport.Hop {
            let loss = LossCount(answered: sum.roundTrips.count, lost: sum.lost)
            let rtt = RTTSummary(sum.roundTrips)
            return MonitorReport.Hop(
                ttl: ttl, sent: loss.decided, failed: 0, answered: loss.answered, lost: loss.lost, late: 0,
                duplicates: 0, lossPercent: loss.percent, rtt: rtt, last: nil, geometricMean: nil, differences: nil,
                addresses: sum.responders.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.compactMap {
                    address, seen in
                    // Round trips are kept of the hop, and not of each that answers there.
                    guard let rtt else { return nil }
                    return MonitorReport.Address(
                        address: address, name: names[address], answered: seen.count, last: rtt.p50, rtt: rtt,
                        lastRound: seen.slot, labels: [], kind: seen.isTarget ? .echoReply : .timeExceeded)
                })
        }

        /// The path over time as a picture, by the clock. Its right end is where `end(inWidth:)` says.
        package var chart: MonitorReport.Chart {
            MonitorReport.Chart(
                report: report, slots: ChartSlots(slots, length: length), clock: run.startedAt)
        }
    }
}

extension RTTSummary {
    /// The summary of what was kept of round trips, to within the buckets of a histogram; nil without any.
    package init?(_ roundTrips: LatencyHistogram) {
        guard let shortest = roundTrips.quantile(0), let longest = roundTrips.quantile(1),
            let p50 = roundTrips.quantile(0.5), let p90 = roundTrips.quantile(0.9),
            let p95 = roundTrips.quantile(0.95), let p99 = roundTrips.quantile(0.99)
        else { return nil }
        let mean = roundTrips.meanNanoseconds
        var squares = 0.0
        roundTrips.forEachBucket { bucket, count in
            let distance = Double(bucket.middle) - mean
            squares += distance * distance * Double(count)
        }
        (min, average, max) = (shortest, .nanoseconds(Int64(mean)), longest)
        standardDeviation =
            roundTrips.count > 1
            ? .nanoseconds(Int64((squares / Double(roundTrips.count - 1)).squareRoot())) : nil
        (self.p50, self.p90, self.p95, self.p99) = (p50, p90, p95, p99)
        // The order of the round trips is not kept.
        jitter = .zero
    }
}

extension LatencyHistogram {
    /// The mean in nanoseconds, to within the buckets; 0 without a sample.
    package var meanNanoseconds: Double {
        var sum = 0.0
        forEachBucket { bucket, samples in sum += Double(bucket.middle) * Double(samples) }
        return count > 0 ? sum / Double(count) : 0
    }
}

extension ChartSlots {
    /// Slots that were kept.
    fileprivate init(_ kept: [[MonitorReport.Kept.Hop]], length: Duration) {
        self.init(interval: nil)
        self.length = max(1, length.wholeNanoseconds)
        // A month of days, too, is as wide as the picture where nothing was watched at its ends.
        target = Array(repeating: TargetSlot(), count: kept.count)
        let most = kept.joined().map(\.ttl).max() ?? 0
        hops = Array(repeating: Array(repeating: HopSlot(), count: kept.count), count: most)
        for (index, slot) in kept.enumerated() {
            for hop in slot {
                let loss = LossCount(answered: hop.roundTrips.count, lost: hop.lost)
                if hop.ttl == 0 {
                    target[index] = TargetSlot(hop.roundTrips, loss)
                } else if hop.ttl <= most {
                    hops[hop.ttl - 1][index] = HopSlot(hop.roundTrips, loss)
                }
            }
        }
    }
}
