import Glibc
import Testing
import TraceCore

@testable import TraceCoreReceivers

private func command(_ script: String) throws -> Receiver {
    let words = try JSON.text(["/bin/sh", "-c", script])
    return try receiver(#"{"name":"page","type":"command","command":\#(words)}"#)
}

private func told(
    _ script: String, _ alert: Alert = .sample, limit: Duration = .seconds(3_600), log: Lines = Lines()
) async throws -> Outcome {
    let receiver = try command(script)
    return await courier(limit: limit, log: log).deliver(try receiver.delivery(for: alert, at: .noon), to: receiver)
}

private let again = UTCTime.noon + .seconds(5)

@Suite struct `A program that is told` {
    @Test func `reads the alert on its standard input and in its environment`() async throws {
        let log = Lines()
        // Its failure shows what it saw.
        let outcome = try await told(
            #"""
            cat > /dev/null
            echo "$ALERT_ID $ALERT_STATE $ALERT_RULE $ALERT_SEVERITY $ALERT_TARGETS $ALERT_STARTS_AT [$ALERT_ENDS_AT]"
            echo "$ALERT_DETAILS"; exit 3
            """#, log: log)
        #expect(outcome == .again(at: again, "it ends with status 3"))
        #expect(
            log.text.contains("9f3a firing lost critical tokyo kyoto 2026-11-29T12:00:00.000000Z []"), "\(log.text)")
        // No escape of a stranger comes to a shell: a backslash in it is one of ours.
        #expect(log.text.contains(#"It was 9 hops away. \\u{1b}[31mred"#), "\(log.text)")
        let size = try command("").delivery(for: .sample, at: .noon).body.utf8.count
        #expect(try await told("test $(wc -c) = \(size)") == .taken("exit status 0"))
    }

    @Test func `gets a large alert whole`() async throws {
        var alert = Alert.sample
        alert.details = (0..<20_000).map { "Detail number \($0) of many." }
        let size = try command("").delivery(for: alert, at: .noon).body.utf8.count
        #expect(size > 500_000)
        // One of that size fits no environment.
        let outcome = try await told("test $(wc -c) = \(size)", alert)
        #expect(outcome == .taken("exit status 0"))
    }

    @Test func `need not read, and may write as much as it likes`() async throws {
        let log = Lines()
        var alert = Alert.sample
        alert.details = (0..<2_000).map { "Detail number \($0) of many." }
        #expect(try await told("head -c 3000000 /dev/zero | tr '\\0' x; exit 0", alert) == .taken("exit status 0"))
        #expect(
            try await told("exec 0<&-; head -c 3000000 /dev/zero | tr '\\0' x >&2; exit 1", alert, log: log)
                == .again(at: again, "it ends with status 1"))
        #expect(log.text.filter { $0 == "x" }.count == 200)
    }

    @Test func `knows nothing of this program but a few settings`() async throws {
        #expect(setenv("TRACECORE_TEST_SECRET", "x", 1) == 0)
        #expect(try await told(#"test -z "$TRACECORE_TEST_SECRET" && test -n "$PATH""#) == .taken("exit status 0"))
        // Also not what this one was given to keep.
        let kept = dup(1)
        #expect(kept > 2)
        #expect(try await told("test ! -e /proc/$$/fd/\(kept)") == .taken("exit status 0"))
        close(kept)
    }

    @Test func `is killed with its group when its time is over`() async throws {
        let log = Lines()
        let outcome = try await told("sleep 3600 & echo $!; sleep 3600", limit: .seconds(2), log: log)
        #expect(outcome == .again(at: again, "it does not end within 2.0 seconds, and was killed"))
        let pid = try #require(log.text.firstMatch(of: /"([0-9]+)/).flatMap { Int32($0.1) })
        // It is gone, or dead and waits for whoever reaps orphans here.
        let isDead = try await told("! grep -q 'State:.[^Z]' /proc/\(pid)/status")
        #expect(isDead == .taken("exit status 0"))
    }

    @Test func `is not waited for by way of what it left behind`() async throws {
        let log = Lines()
        let outcome = try await told("sleep 3600 & echo $!; exit 7", log: log)
        #expect(outcome == .again(at: again, "it ends with status 7"))
        let pid = try #require(log.text.firstMatch(of: /"([0-9]+)/).flatMap { Int32($0.1) })
        #expect(kill(pid, SIGKILL) == 0)
    }

    @Test func `is killed when nobody waits for it any more`() async throws {
        let receiver = try command("sleep 3600")
        let (courier, delivery) = (courier(), try receiver.delivery(for: .sample, at: .noon))
        let task = Task { await courier.deliver(delivery, to: receiver) }
        task.cancel()
        #expect(await task.value == .again(at: .noon, "this program ended meanwhile"))
    }

    @Test func `may die, or not be there`() async throws {
        #expect(try await told("kill -TERM $$") == .again(at: again, "signal 15 ends it"))
        let log = Lines()
        let receiver = try receiver(#"{"name":"page","type":"command","command":["/nowhere/page"]}"#)
        let outcome = await courier(log: log).deliver(try receiver.delivery(for: .sample, at: .noon), to: receiver)
        #expect(outcome == .again(at: again, "it cannot be started"))
        #expect(log.text.contains("/nowhere/page") && log.text.contains("No such file or directory"))
    }

    @Test func `has a hundred others beside it`() async throws {
        let receiver = try command("cat | grep -q tokyo")
        let (courier, delivery) = (courier(), try receiver.delivery(for: .sample, at: .noon))
        await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<100 { group.addTask { await courier.deliver(delivery, to: receiver) } }
            for await outcome in group { #expect(outcome == .taken("exit status 0")) }
        }
    }

    @Test func `is a line where it is standard output`() async throws {
        let (receiver, printed) = (try receiver(#"{"name":"o","type":"output"}"#), Lines())
        let delivery = try receiver.delivery(for: .sample, at: .noon)
        #expect(await courier(printed: printed).deliver(delivery, to: receiver) == .taken("written"))
        #expect(printed.all == ["2026-11-29T12:00:07.000000Z firing critical lost: tokyo no longer answers"])
        let deaf = Courier(
            http: nil, now: { .noon }, print: { _ in throw CancellationError() }, log: { printed.add($0) })
        guard case .again(_, let words) = await deaf.deliver(delivery, to: receiver) else {
            Issue.record("it was taken, or given up")
            return
        }
        #expect(words == "standard output takes nothing")
    }
}
