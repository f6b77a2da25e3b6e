import TraceCoreCommandLine
import TraceCore

/// What is seen of a flood: a dot for each probe, which its answer takes back, so that the dots that stay are lost ones.
@MainActor struct FloodDots {
    private let isShown: Bool
    private let isAudible: Bool

    /// Dots on a terminal; nowhere else can they be taken back.
    init(isShown: Bool, isAudible: Bool) {
        self.isShown = isShown && Terminal.output.allowsAnimation
        self.isAudible = isAudible
    }

    /// Draws what an event changes.
    func apply(_ event: ProbeEvent) {
        guard isShown else { return }
        switch event.fact {
        case .sent: draw(".")
        case .reply(_, let response) where response.kind.isFromTarget: draw("\u{8} \u{8}" + (isAudible ? "\u{7}" : ""))
        case .reply: draw("\u{8}E")
        case .sendFailed: draw("E")
        default: break
        }
    }

    private func draw(_ text: String) {
        Output.standard.write(text)
        Output.standard.flush()
    }
}
