public import TraceCore

/// The option that asks for a picture of what was measured.
public struct ChartOption: Sendable {
    /// The file that the picture is written to, and nil where none is asked for.
    public let file = Option(
        "chart", value: .picture,
        help: "Also draw what was measured, as a picture (SVG) for light and dark screens, into this file.")

    /// The option.
    public init() {}

    /// Makes sure that the picture can be written, before anything is measured.
    public func check(_ parsed: ParsedArguments) throws(ProbeError) {
        if let file = parsed[file] { try checkFile(file, as: "The chart") }
    }

    /// Writes the picture, where it is asked for.
    public func write(_ svg: @autoclosure () -> String?, in parsed: ParsedArguments) throws(ProbeError) {
        guard let file = parsed[file], let text = svg() else { return }
        try replaceFile(file, with: Array(text.utf8), as: "The chart")
    }
}

extension ValueKind where Value == String {
    /// The file of a picture.
    fileprivate static var picture: Self {
        Self("FILE", expecting: "a file that ends in .svg", completion: .files) { $0.hasSuffix(".svg") ? $0 : nil }
    }
}
