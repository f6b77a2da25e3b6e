import BenchmarkKit
import Glibc
import TraceCore

extension Benchmark {
    static var addresses: [Benchmark] {
        [
            Benchmark("address-parse-v4", setup: { v4Texts }) { texts, iterations in
                for index in 0..<iterations { keep(IPAddress(texts[index & 3])) }
            },
            Benchmark("address-parse-v6", setup: { v6Texts }) { texts, iterations in
                for index in 0..<iterations { keep(IPAddress(texts[index & 3])) }
            },
            Benchmark("address-parse-v6-inet_pton", setup: { v6Texts }) { texts, iterations in
                var address = in6_addr()
                for index in 0..<iterations {
                    keep(inet_pton(AF_INET6, texts[index & 3], &address))
                }
            },
            Benchmark("address-print-v4", setup: { v4Texts.compactMap(IPAddress.init) }) {
                addresses, iterations in
                for index in 0..<iterations { keep(addresses[index & 3].description) }
            },
            Benchmark("address-print-v6", setup: { v6Texts.compactMap(IPAddress.init) }) {
                addresses, iterations in
                for index in 0..<iterations { keep(addresses[index & 3].description) }
            },
            Benchmark("address-print-v6-inet_ntop", setup: { v6Texts.map(binary) }) { addresses, iterations in
                var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
                for index in 0..<iterations {
                    inet_ntop(AF_INET6, &addresses[index & 3], &text, socklen_t(text.count))
                    keep(text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } })
                }
            },
        ]
    }

    private static let v4Texts = ["192.0.2.10", "198.51.100.1", "203.0.113.250", "8.8.4.4"]
    private static let v6Texts = [
        "2001:db8::1", "2001:db8:100::41", "fe80::1cd2:ff:fe33:8a01", "2001:db8:1:2:3:4:5:6",
    ]

    private static func binary(_ text: String) -> in6_addr {
        var address = in6_addr()
        inet_pton(AF_INET6, text, &address)
        return address
    }
}
