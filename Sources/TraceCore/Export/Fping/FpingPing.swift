/// Tells of a ping in the lines of `fping -J -c`: each answer and each probe without one as they come, and at the end what
/// came of the host in sum.
public struct FpingPing: Sendable {
    private var output = FpingOutput(FpingStyle(content: .answers, isJSON: true))

    /// An output that has seen nothing.
    public init() {}

    /// Takes in the next event, and adds the lines that can be shown now.
    public mutating func apply(_ event: ProbeEvent, to lines: inout FpingLines) {
        // fping calls the host as it was given; the names that a ping hears of are those of addresses that answer.
        if case .named = event.fact { return }
        output.apply(event, to: &lines)
        if case .started(let run) = event.fact, let target = run.target, let name = target.name {
            output.apply(ProbeEvent(at: event.at, .named(target.address, UntrustedText(name))), to: &lines)
        }
    }
}
