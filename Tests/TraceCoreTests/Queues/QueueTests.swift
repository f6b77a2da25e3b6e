import Testing
import TraceCoreFuzzChecks

@testable import TraceCore

@Suite struct QueueTests {
    @Test(arguments: 1...20) func `A queue gives what an array of the same elements gives`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = Queue<Int>()
        var model: [Int] = []
        for step in 0..<2_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            // Seeds with odd numbers take more out than they put in.
            case 0..<(seed.isMultiple(of: 2) ? 6 : 4):
                queue.append(step)
                model.append(step)
            case 9 where step.isMultiple(of: 7):
                queue.removeAll { $0.isMultiple(of: 3) }
                model.removeAll { $0.isMultiple(of: 3) }
            default: #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.count == model.count && queue.isEmpty == model.isEmpty && queue.first == model.first)
            if let last = model.last { #expect(queue[model.count - 1] == last) }
        }
        while let first = queue.popFirst() { #expect(first == model.removeFirst()) }
        #expect(model.isEmpty)
    }

    @Test func `A first element that is not meant stays`() {
        var queue = Queue<Int>()
        queue.append(5)
        #expect(queue.popFirst { $0 > 5 } == nil)
        #expect(queue.popFirst { $0 == 5 } == 5)
        #expect(queue.popFirst { _ in true } == nil)
    }
}
