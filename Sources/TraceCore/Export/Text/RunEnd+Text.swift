extension RunEnd {
    /// Why the run is not what was asked for, as a line for people; nil if it is.
    public var remark: String? { TraceText.remark(on: self) }
}
