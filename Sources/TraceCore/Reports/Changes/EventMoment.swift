/// When something happened in a run, as wall-clock time that is made only where somebody wants to know it.
struct EventMoment {
    let start: UTCTime
    var at: Duration = .zero

    func callAsFunction() -> UTCTime { start + at }
}
