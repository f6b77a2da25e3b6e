public import TraceCore

extension SimulatedInternet {
    /// The simulated internet that a person names: `demo`, or the path of a topology file, `-` for standard input.
    public init(at name: String) throws {
        guard name != "demo" else {
            self = .demo
            return
        }
        let input = Input(name)
        try self.init(parsing: try Self.topology(in: input), name: input.name)
    }

    private static func topology(in input: Input) throws -> String {
        do throws(InputError) {
            return try input.lines().joined(separator: "\n")
        } catch {
            guard error.isMissing else { throw error }
            let name = UntrustedText(input.path).debugDescription
            throw ProbeError(
                .badInput, "There is no simulated internet \(name): there is no such file",
                remedy: "Give demo, or the path of a topology file")
        }
    }
}

extension ValueKind where Value == String {
    /// The simulated internet that is built in, or the path of a topology file.
    public static var internet: Self {
        Self(
            "demo|FILE", expecting: "demo or the path of a topology file",
            completion: .wordsOrFiles(["demo"])
        ) { $0.isEmpty ? nil : $0 }
    }
}
