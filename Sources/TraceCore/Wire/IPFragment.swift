/// Which part of its original packet a packet is.
public struct IPFragment: Sendable, Hashable {
    /// How many bytes of the original packet's payload come before this part; a multiple of 8.
    public var offset: Int
    /// Whether further parts follow this one.
    public var moreFragments: Bool

    /// The part that begins so many bytes into the original.
    public init(offset: Int, moreFragments: Bool) {
        self.offset = offset
        self.moreFragments = moreFragments
    }

    /// A packet that is no fragment.
    public static let whole = IPFragment(offset: 0, moreFragments: false)

    /// Whether this is a part and not the whole.
    public var isFragment: Bool { offset != 0 || moreFragments }
    /// Whether the transport header is in this part.
    public var isFirst: Bool { offset == 0 }
}
