/// A key that a person pressed.
enum Key: Sendable, Hashable {
    /// A key that writes something.
    case character(Character)
    /// A letter with the control key held, as a lower-case letter.
    case control(Character)
    case enter, escape, backspace, tab
    case up, down, left, right, pageUp, pageDown, home, end, insert, delete
}
