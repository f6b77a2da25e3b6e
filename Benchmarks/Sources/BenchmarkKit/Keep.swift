/// Makes the optimiser believe that a value is used, so that the work which led to it stays.
@inline(never)
@_optimize(none)
public func keep<Value>(_ value: borrowing Value) {}
