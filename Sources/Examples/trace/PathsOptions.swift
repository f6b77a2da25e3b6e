import TraceCoreCommandLine

/// The options that ask for all paths and not for one.
struct PathsOptions {
    let paths = Option(
        "paths",
        help:
            "Find all paths that routers balance over, and not just one: which nodes there are, which leads to which, "
            + "and whether packets are dealt out by flow or one by one.")
    let confidence = Option(
        "confidence", value: .decimal(0.5...0.999_999), placeholder: "SHARE",
        help: "With --paths, ask until nothing is missed with this confidence, where routers balance evenly (0.95).")

    let join = Option(
        "join", each: .file,
        help:
            "Join recorded runs (`--ndjson` of traces or of --paths, each from another machine) into one graph, by the "
            + "nodes that they share. Given several times, once for each file, which names its source.")

    var group: OptionGroup { OptionGroup("All paths", [paths, confidence, join]) }
}
