import Foundation
import TraceCore

extension Case {
    static let monitors = Case("monitors", "1,000 destinations monitored at 1 Hz, 15 hops") { laboratory, name in
        let rounds = 20
        let command = InsidePlan.Command(name: "monitors", words: [Programs.me, "--monitor", "1000", "\(rounds)"])
        let result = try laboratory.run([command], in: Topologies.fifteenHops, rounds: 1, warmUps: 0, isExact: false)
        let target = "at most 150 MB and half a processor"
        let shown = "`PathMonitor(.icmp)` × 1,000"
        guard let run = result.runs.first, run.failure == nil else {
            let reason = result.runs.first?.failure ?? "it did not run"
            return [
                Row(
                    name: name, target: target, ours: "\(shown): not yet: \(reason)", peer: "none", ratio: "",
                    verdict: nil)
            ]
        }
        let megabytes = Double(run.maxRSSBytes) / 1e6
        let share = Double(run.cpuNs) / Double(run.endNs - run.startNs)
        let said = run.output.split(separator: "\n").last.map(String.init) ?? ""
        return [
            Row(
                name: name, target: target,
                ours: "\(shown): \(megabytes.short) MB, \((share * 100).short) % of a processor, \(said)", peer: "none",
                ratio: "", verdict: megabytes <= 150 && share <= 0.5 && said.hasPrefix("1000 "))
        ]
    }
}

/// The program of the case: it watches paths with the library, and says how many it has found whole.
enum MonitorProgram {
    static func run(_ count: Int, rounds: Int) async -> Int32 {
        let targets = (0..<count).map { "10.0.\($0 >> 8).\($0 & 255)" }
        return await withTaskGroup(of: Bool?.self) { group in
            for target in targets {
                group.addTask {
                    do throws(ProbeError) {
                        let monitor = PathMonitor(.icmp, options: RunOptions(names: false))
                        let report = try await monitor.watch(target, rounds: rounds)
                        let answering = report.hops.count { !$0.addresses.isEmpty }
                        return answering == 15
                    } catch {
                        FileHandle.standardError.write(Data("\(error)\n".utf8))
                        return nil
                    }
                }
            }
            var (whole, failed) = (0, 0)
            for await result in group {
                whole += result == true ? 1 : 0
                failed += result == nil ? 1 : 0
            }
            print("\(whole) paths of 15 hops found")
            return failed > 0 ? 2 : 0
        }
    }
}
