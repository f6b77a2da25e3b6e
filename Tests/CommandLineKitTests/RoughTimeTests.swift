import Testing
import TraceCoreCommandLine

@Suite struct `A rough time` {
    @Test(arguments: [
        (0.4, "0:00"), (7, "0:07"), (61.9, "1:01"), (3_600, "1:00:00"), (86_399, "23:59:59"), (86_400, "1 day"),
        (42_949_672.94, "497 days"), (4e8, "13 years"), (4.2e10, "1,332 years"), (1e18, "billions of years"),
        (.infinity, "billions of years"),
    ]) func `is as exact as a person wants to know it`(seconds: Double, text: String) {
        #expect(roughTime(seconds: seconds) == text)
    }
}
