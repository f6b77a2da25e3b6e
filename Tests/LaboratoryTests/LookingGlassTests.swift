import Foundation
import Testing
import TraceCore

/// The looking glass on the real kernel, as somebody without any privilege, beside Debian's mtr.
@Suite(.onItsOwnThread) struct `The looking glass beside mtr` {
    @Test(arguments: [IPAddress.Family.v4, .v6])
    func `finds the hops that mtr finds`(family: IPAddress.Family) throws {
        let laboratory = try Laboratory(
            Topologies.labelled, needing: "mtr", "curl", "setpriv")
        let target = Topologies.target(family == .v4 ? "-4" : "-6")
        let script = """
            set -e
            echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range
            folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
            mkfifo "$folder/said"
            cp "\(Laboratory.products.path)/lookingglass" "$folder/"; chmod -R a+rX "$folder"
            setpriv --reuid=65534 --regid=65534 --clear-groups "$folder/lookingglass" --allow-private -l 127.0.0.1:8080 2> "$folder/said" &
            server=$!
            exec 3< "$folder/said"
            read -r line <&3
            curl -sS -G 'http://127.0.0.1:8080/' -d verb=monitor -d 'target=\(target)' -d count=3 -d interval=0.2 -d whole=1
            kill $server
            echo; echo '=== mtr'
            mtr -n -c 3 -i 0.2 --json '\(target)'
            """
        let outcome = try laboratory.run([], "sh", "-c", script)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let parts = outcome.output.split(separator: "=== mtr", maxSplits: 1)
        try #require(parts.count == 2, "\(outcome.output) \(outcome.errors)")
        let rows = parts[0].matches(of: #/<tr id="run-[a-z0-9]+-hop-[0-9]+">(.*?)</tr>/#).map { String($0.1) }
        let ours = rows.map { row in Set(row.matches(of: #/data-target="([^"]+)"/#).map { String($0.1) }) }
        let document = try JSON.Value(parsing: Array(parts[1].utf8))
        let theirs = try #require(document.hosts)
        #expect(theirs.count > 3)
        #expect(ours.count == theirs.count)
        for (mine, other) in zip(ours, theirs) {
            #expect(other == "???" ? mine.isEmpty : mine.contains(other), "\(mine) \(other)")
        }
    }
}

extension JSON.Value {
    private subscript(name: String) -> JSON.Value? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The hosts of the hubs of mtr's document.
    fileprivate var hosts: [String]? {
        guard case .array(let hubs)? = self["report"]?["hubs"] else { return nil }
        return hubs.compactMap { if case .string(let host)? = $0["host"] { host } else { nil } }
    }
}
