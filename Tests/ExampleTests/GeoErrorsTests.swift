import Testing

@Suite(.onItsOwnThread) struct `What geo says about mistakes` {
    private let geo = Program(name: "geo")

    @Test func `a misspelled command is named, with the one that was meant`() throws {
        let result = try geo("biuld", "places.csv", "-o", "places.mmdb")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("\"biuld\" is neither a command nor an IP address; did you mean build?"))
        #expect(result.errors.contains("geo --help"))
    }

    @Test func `a word like no command gets no suggestion`() throws {
        let result = try geo("paris")
        #expect(result.status == 2)
        #expect(result.errors.contains("\"paris\" is neither a command nor an IP address\n"), "\(result.errors)")
    }

    @Test func `a word that is not an address is one mistake among others where there is a database`() throws {
        let table = try Program.file("network,city\n192.0.2.0/24,Berlin\n")
        #expect(try geo("build", "--format", "csv", table, "-o", table + ".mmdb").status == 0)
        let result = try geo("paris", "192.0.2.1", "--db", table + ".mmdb")
        #expect(result.status == 2 && result.output.contains("Berlin"))
        #expect(result.errors.contains("\"paris\" is not an IP address"), "\(result.errors)")
    }

    @Test func `an address without a database asks for one`() throws {
        let result = try geo("192.0.2.1")
        #expect(result.status == 2)
        #expect(result.errors.contains("give one with --db FILE"), "\(result.errors)")
    }

    @Test(arguments: [[], ["192.0.2.1"]]) func `a file that is not a database is named, with what to do`(
        _ addresses: [String]
    ) throws {
        let path = try Program.file("garbage")
        let result = try geo.run(["--db", path] + addresses)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("geo: \(path): not a MaxMind DB file"), "\(result.errors)")
        #expect(result.errors.contains("geo build"))
    }

    @Test(arguments: [["--db"], ["info"], ["verify"], ["dump"]])
    func `a missing database is named, with what to do`(_ arguments: [String]) throws {
        let result = try geo.run(arguments + ["garbage"])
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("garbage does not exist. Check the path of the database"), "\(result.errors)")
    }

    @Test(arguments: ["--help", "--man"]) func `the help lists the commands`(_ page: String) throws {
        let result = try geo.run([page])
        #expect(result.status == 0)
        for command in ["build", "verify", "info", "dump"] {
            #expect(result.output.contains("geo \(command)"), "\(command)")
        }
    }
}
