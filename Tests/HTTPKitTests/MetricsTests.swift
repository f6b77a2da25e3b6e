import Testing

@testable import TraceCoreHTTP

@Suite struct `Numbers for Prometheus` {
    private func text(_ format: Metrics.Format) -> String {
        var metrics = Metrics(format)
        metrics.add(
            .counter, "a_runs_total", "Runs of \"all\" kinds.", [([("verb", "mtr")], 3), ([("verb", "a\"b\\c\nd")], 4)])
        metrics.add(.gauge, "a_load", "Load.", 0.5)
        metrics.add(.gauge, "a_limit", "None.", .infinity)
        var histogram = Metrics.Histogram(bounds: [0.25, 1])
        for number in [0.25, 0.5, 1, 7] { histogram.count(number) }
        metrics.add("a_time_seconds", "Time.", [([("of", "x")], histogram)])
        return String(decoding: metrics.bytes, as: UTF8.self)
    }

    private let samples = #"""
        a_runs_total{verb="mtr"} 3
        a_runs_total{verb="a\"b\\c\nd"} 4

        """#
    private let buckets = """
        a_time_seconds_bucket{of="x",le="0.25"} 1
        a_time_seconds_bucket{of="x",le="1.0"} 3
        a_time_seconds_bucket{of="x",le="+Inf"} 4
        a_time_seconds_sum{of="x"} 8.75
        a_time_seconds_count{of="x"} 4

        """

    @Test func `Prometheus' text is written as it wants it`() {
        let expected = """
            # HELP a_runs_total Runs of "all" kinds.
            # TYPE a_runs_total counter
            \(samples)# HELP a_load Load.
            # TYPE a_load gauge
            a_load 0.5
            # HELP a_limit None.
            # TYPE a_limit gauge
            a_limit +Inf
            # HELP a_time_seconds Time.
            # TYPE a_time_seconds histogram
            \(buckets)
            """
        #expect(text(.prometheus) == expected)
    }

    @Test func `OpenMetrics has its own names, units and end`() {
        let expected = #"""
            # HELP a_runs Runs of \"all\" kinds.
            # TYPE a_runs counter
            \#(samples)# HELP a_load Load.
            # TYPE a_load gauge
            a_load 0.5
            # HELP a_limit None.
            # TYPE a_limit gauge
            a_limit +Inf
            # HELP a_time_seconds Time.
            # TYPE a_time_seconds histogram
            # UNIT a_time_seconds seconds
            \#(buckets)# EOF

            """#
        #expect(text(.openMetrics) == expected)
    }

    @Test(arguments: [
        ("", Metrics.Format.prometheus), ("*/*", .prometheus), ("text/html", .prometheus),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics
        ), ("application/openmetrics-text; q=0, */*", .prometheus), ("application/*", .openMetrics),
        ("text/plain, application/openmetrics-text;q=0.9", .prometheus),
    ]) func `A client gets the format that it asks for`(accept: String, format: Metrics.Format) {
        #expect(Metrics.Format(for: HTTPFields(["Accept": accept])) == format)
    }

    @Test(arguments: [
        ("", "a/a"), ("b/c", "b/c"), ("B/C;q=0.5, a/a;q=0.4", "b/c"), ("*/*", "a/a"), ("b/*", "b/b"), ("c/c", nil),
        ("a/a;q=0, */*;q=0.1", "b/b"), ("*/*, b/*;q=0.5, b/c ; q=0.7", "a/a"), ("b/b;q=x", nil), ("a/a;q=0", nil),
    ]) func `The best of what is offered is found`(accept: String, best: String?) {
        #expect(HTTPFields(["Accept": accept]).accepted(of: ["a/a", "b/b", "b/c"]) == best)
    }
}
