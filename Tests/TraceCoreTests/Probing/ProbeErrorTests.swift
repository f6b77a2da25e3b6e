import Testing
import TraceCore

@Suite struct `An error of probing` {
    private func fail() throws(ProbeError) { throw ProbeError(.notPermitted, "This user may not") }

    @Test func `is caught by its code`() {
        do throws(ProbeError) {
            try fail()
        } catch ProbeError.Code.noRoute {
            Issue.record("not this one")
        } catch ProbeError.Code.notPermitted {
        } catch {
            Issue.record("not by its code")
        }
    }

    @Test func `is caught by its code among others`() {
        do {
            try fail()
            throw CancellationError()
        } catch ProbeError.Code.noRoute {
            Issue.record("not this one")
        } catch ProbeError.Code.notPermitted {
        } catch {
            Issue.record("not by its code")
        }
    }
}
