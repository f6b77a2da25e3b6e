internal import TraceCore

/// The same benchmark from several vantage points at the same time, or from one.
package struct CloudRuns: Sendable {
    /// A run for each vantage point, in the order in which they are shown.
    package let runs: [CloudRun]

    package init(_ runs: [CloudRun]) { self.runs = runs }

    /// What happens in all of them. They are cancelled when nobody reads it any more.
    ///
    /// First come the beginnings, in the order of the runs.
    package func events() -> AsyncStream<CloudEvent> {
        AsyncStream(CloudEvent.self) { continuation in
            let begun = ContinuousClock.now
            for run in runs {
                let from = run.description.from
                continuation.yield(CloudEvent(at: begun.duration(to: .now), from: from, .began(run.description)))
            }
            let task = Task {
                await withDiscardingTaskGroup { group in
                    for run in runs {
                        let from = run.description.from
                        group.addTask {
                            await run.work { fact in
                                continuation.yield(CloudEvent(at: begun.duration(to: .now), from: from, fact))
                            }
                        }
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
