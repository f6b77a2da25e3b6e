extension Double {
    /// A share of 1 in percent with one decimal; a confidence is rounded down, so that nothing is promised that is not kept.
    func percentText(rounding: FloatingPointRoundingRule) -> String {
        let tenths = Int((min(max(0, self), 1) * 1000).rounded(rounding))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
