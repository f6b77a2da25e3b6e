import TraceCoreCommandLine
import TraceCore

/// The targets of a sweep: each address once, in the order given, with the names that it was given by.
struct TargetList: Sendable {
    /// The addresses.
    private(set) var targets = SweepTargets([IPAddress]())
    /// The names that targets were given by.
    private(set) var names: [(address: IPAddress, name: UntrustedText)] = []
    /// How many could not be found.
    private(set) var unknown = 0

    /// The hosts of networks, or the addresses from one to another.
    ///
    /// - Throws: A sentence about what is no network, or too large.
    init(generatedFrom operands: [String]) throws(UsageError) {
        var ranges = AddressRanges()
        if operands.count == 2, let first = IPAddress(operands[0]), let last = IPAddress(operands[1]) {
            guard let range = IPAddressRange(from: first, through: last) else {
                throw UsageError("-g: \(first) to \(last) is no range: give the lower address first")
            }
            try Self.add(range, to: &ranges)
        } else {
            guard !operands.isEmpty else { throw UsageError("-g needs networks, or a first and a last address") }
            for operand in operands { try Self.add(Self.network(operand).hosts, to: &ranges) }
        }
        targets = SweepTargets(ranges)
    }

    private static func network(_ text: String) throws(UsageError) -> IPNetwork {
        do throws(IPAddress.ParsingError) {
            return try IPNetwork(lenient: text)
        } catch {
            throw UsageError("-g: \(error)")
        }
    }

    private static func add(_ range: IPAddressRange, to ranges: inout AddressRanges) throws(UsageError) {
        guard ranges.add(range) else {
            throw UsageError("-g: \(range.first) to \(range.last) has more addresses than can be counted")
        }
    }

    /// The addresses of names, looked up many at a time; what is wrong with one is said on standard error.
    @MainActor init(
        _ list: [TargetName], resolver: any NameResolver, family: IPAddress.Family?, takesAll: Bool
    ) async {
        var addresses: [IPAddress] = []
        var known: Set<IPAddress> = []
        var named: Set<IPAddress> = []
        var names: [(address: IPAddress, name: UntrustedText)] = []
        var unknown = 0
        let progress = Progress(after: .milliseconds(500), every: .milliseconds(100))
        var done = 0
        await list.resolved(by: resolver, family: family) { target, result in
            done += 1
            progress.show("looking up names: \(done) of \(list.count)")
            switch result {
            case .failure(let error):
                unknown += 1
                progress.clear()
                Output.error.print("sweep: \(error)")
            case .success(let found):
                let isName = target.address == nil
                for address in takesAll ? found[...] : found.prefix(1) {
                    let isNew = known.insert(address).inserted
                    if isNew { addresses.append(address) }
                    // A host that was given by address and by name is listed under both.
                    if isName, !isNew, named.insert(address).inserted {
                        names.append((address, UntrustedText("\(address)")))
                    }
                    if isName || named.contains(address) {
                        named.insert(address)
                        names.append((address, UntrustedText(target.text)))
                    }
                }
            }
        }
        progress.clear()
        targets = SweepTargets(addresses)
        self.names = names
        self.unknown = unknown
    }

    /// The columns of the longest name, to align lines; only the beginning of a long list is looked at.
    func nameWidth(_ naming: FpingOutput.Style.Naming) -> Int {
        let named = naming == .address ? [:] : Dictionary(names.map { ($0.address, [$0.name]) }, uniquingKeysWith: +)
        var width = 0
        for address in targets.addresses(at: 0..<min(targets.count, 65536)) {
            let names = named[address]?.map { naming == .both ? "\($0) (\(address))" : $0.description }
            for name in names ?? ["\(address)"] { width = max(width, name.utf8.count) }
        }
        return width
    }
}
