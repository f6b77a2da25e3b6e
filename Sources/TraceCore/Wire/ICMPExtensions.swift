/// The extension structure at the end of an ICMP error (RFC 4884), decoded.
package struct ICMPExtensions: Sendable, Hashable {
    /// One object of the structure.
    package enum Object: Sendable, Hashable {
        /// The MPLS label stack, outermost entry first (RFC 4950).
        case mpls([MPLSLabel])
        /// An interface of the router (RFC 5837).
        case interface(InterfaceInformation)
        /// An object of another class, or one whose content is not as its RFC has it.
        case other(OtherObject)
    }

    /// An object that is kept as it came.
    package struct OtherObject: Sendable, Hashable {
        /// The class number.
        package var classNumber: UInt8
        /// The type within the class.
        package var subtype: UInt8
        /// The content after the object's four-byte header.
        package var bytes: [UInt8]

        /// An object made of its parts.
        package init(classNumber: UInt8, subtype: UInt8, bytes: [UInt8]) {
            self.classNumber = classNumber
            self.subtype = subtype
            self.bytes = bytes
        }
    }

    /// The objects, in their order in the packet.
    package var objects: [Object]

    /// A structure of these objects.
    package init(objects: [Object] = []) { self.objects = objects }

    /// The entries of all MPLS stacks, in order; empty where there is none.
    package var mplsLabels: [MPLSLabel] {
        // Nearly always there is one stack, and then it is handed out without a copy.
        if case .mpls(let labels)? = objects.first, objects.count == 1 { return labels }
        return objects.flatMap { object -> [MPLSLabel] in
            if case .mpls(let labels) = object { labels } else { [] }
        }
    }

    /// What is said about interfaces, in order; empty where nothing is.
    package var interfaces: [InterfaceInformation] {
        objects.compactMap { object -> InterfaceInformation? in
            if case .interface(let interface) = object { interface } else { nil }
        }
    }
}
