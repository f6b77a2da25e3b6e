/// An address of each family, where there is one.
struct AddressPair: Sendable, Hashable {
    var v4: IPAddress?
    var v6: IPAddress?

    /// Takes an address in; false if there already is one of its family.
    mutating func set(_ address: IPAddress) -> Bool {
        if address.isV4 {
            guard v4 == nil else { return false }
            v4 = address
        } else {
            guard v6 == nil else { return false }
            v6 = address
        }
        return true
    }
}
