#if os(Linux) && !TRACECORE_NO_LIVE
    internal import CTraceCoreSystem

    /// What came with a received packet beside its bytes.
    struct ReceivedMessage {
        fileprivate let raw: tracecore_message

        init(_ raw: tracecore_message) { self.raw = raw }

        /// The sender; on the error queue, the destination of the probe as quoted.
        var peer: IPAddress? { IPAddress(raw.peer) }
        var peerPort: UInt16 { raw.peer.port }
        /// Which of this machine's addresses it came to, where the socket was asked for it.
        var destination: IPAddress? { IPAddress(raw.destination) }
        /// The kernel's stamp on the wall clock in nanoseconds, or 0.
        var stamp: Int64 { raw.stamp }
        var ttl: UInt8? { UInt8(exactly: raw.ttl) }
        var trafficClass: UInt8? { UInt8(exactly: raw.traffic_class) }
        var length: Int { Int(raw.length) }
        var isTruncated: Bool { raw.is_truncated != 0 }

        /// The stamp of a packet that was sent, and the number that the packet was given.
        var sentStamp: (id: UInt32, stamp: Int64)? {
            guard raw.has_error != 0, raw.error_origin == SO_EE_ORIGIN_TIMESTAMPING, raw.stamp > 0 else { return nil }
            return (raw.error_data, raw.stamp)
        }

        /// The ICMP error that it is, where it came from the error queue.
        var error: QueuedError? {
            guard raw.has_error != 0, let offender = IPAddress(raw.offender), let target = peer else { return nil }
            switch Int32(raw.error_origin) {
            case SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6: break
            default: return nil
            }
            let hasExtensions =
                raw.extension_offset > 0 && raw.extension_flags & UInt8(SO_EE_RFC4884_FLAG_INVALID) == 0
            return QueuedError(
                type: raw.error_type, code: raw.error_code, info: raw.error_info, offender: offender, target: target,
                targetPort: peerPort, extensionOffset: hasExtensions ? Int(raw.extension_offset) : nil)
        }
    }

    extension IPAddress {
        init?(_ endpoint: tracecore_endpoint) {
            switch endpoint.family {
            case 4: self.init(v4: UInt32(truncatingIfNeeded: endpoint.low))
            case 6: self.init(high: endpoint.high, low: endpoint.low, zone: endpoint.zone, family: .v6)
            default: return nil
            }
        }
    }

    extension tracecore_endpoint {
        init(_ address: IPAddress, port: UInt16) {
            self.init(
                high: address.high, low: address.low, zone: address.zone, port: port,
                family: address.family.rawValue)
        }
    }
#endif
