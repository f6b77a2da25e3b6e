import Testing
import TraceCore
import TraceCoreHTTP

@testable import TraceCoreReceivers

private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

@Suite struct `The settings of a receiver` {
    @Test(arguments: [
        (#"{"name":"a","type":"webhook","url":"https://h.example/x?y"}"#, "a (webhook at https://h.example)"),
        (
            #"{"name":"a b","type":"webhook","url":"http://[::1]:80/","allow-private":true,"body":"cloudevents"}"#,
            #""a b" (webhook at http://[::1]:80)"#
        ),
        (
            #"{"name":"a","type":"webhook","url":"HTTPS://1.1.1.1:65535","headers":{"X-Team":"n"}}"#,
            "a (webhook at HTTPS://1.1.1.1:65535)"
        ),
        (
            #"{"name":"a","type":"alertmanager","url":"https://h.example/am/","token":"abc"}"#,
            "a (alertmanager at https://h.example)"
        ),
        (#"{"name":"a","type":"command","command":["/bin/x","secret"]}"#, "a (command /bin/x)"),
        (#"{"name":"\u001b[1m","type":"output"}"#, #""\u{1b}[1m" (output)"#),
    ])
    func `make one that says what it is`(_ text: String, _ description: String) throws {
        #expect("\(try receiver(text))" == description)
    }

    @Test func `lead Alertmanager's address to its path, once`() throws {
        for end in ["", "/", "/api/v2/alerts", "//"] {
            let receiver = try receiver(#"{"name":"a","type":"alertmanager","url":"https://h.example/x\#(end)"}"#)
            #expect(receiver.endpoint?.url == "https://h.example/x/api/v2/alerts")
            #expect(receiver.refreshInterval == .seconds(60) && receiver.wantsNewestOnly && receiver.usesHTTP)
        }
        let output = try receiver(#"{"name":"a","type":"output"}"#)
        #expect(output.refreshInterval == nil && !output.wantsNewestOnly && !output.usesHTTP)
    }

    @Test func `are in no description when they are secret`() throws {
        let receiver = try receiver(
            #"{"name":"a","type":"webhook","url":"https://h.example/hidden?hidden","secrets":["\#(secret)"],"headers":{"Authorization":"hidden"}}"#
        )
        var dumped = ""
        dump(receiver, to: &dumped)
        for text in ["\(receiver)", String(reflecting: receiver), dumped, "\([receiver])"] {
            #expect(text.contains("h.example") && !text.contains("hidden") && !text.contains("MfKQ"), "\(text)")
        }
    }

    /// What is wrong with a webhook, by its path and what is allowed.
    @Test(arguments: [
        (#"{}"#, #"the member "type" is missing"#),
        (#"{"type":"mail"}"#, #"type: "mail" is none of webhook, alertmanager, command, output"#),
        (#"{"type":"webhook"}"#, "name: a receiver has a name"),
        (#"{"name":"a","type":"webhook"}"#, "url: an address is https:// or http://"),
        (#"{"name":"a","type":"webhook","url":"ftp://h/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https:/h/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https:///x"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h/a b"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h\\@i/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h\r\nX: y/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h:0/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h:65536/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://h:x/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://ü.example/"}"#, "url: an address"),
        (#"{"name":"a","type":"webhook","url":"https://u:hidden@h/"}"#, "url: an address here has no user"),
        (#"{"name":"a","type":"webhook","url":"https://u:hidden@[::1]:80/"}"#, "url: an address here has no user"),
        (#"{"name":"a","type":"webhook","url":"http://127.0.0.1/"}"#, "url: it leads to the loopback range"),
        (#"{"name":"a","type":"webhook","url":"http://169.254.169.254/"}"#, "url: it leads to the link-local range"),
        (#"{"name":"a","type":"webhook","url":"http://[::ffff:10.0.0.1]/"}"#, "set allow-private to true"),
        (#"{"name":"a","type":"alertmanager","url":"http://10.0.0.1:9093"}"#, "url: it leads to a private network"),
        (#"{"name":"a","type":"alertmanager","url":"https://h/?x"}"#, "url: give what stands before /api/v2/alerts"),
        (#"{"name":"a","type":"alertmanager","url":"https://h","token":"hid den"}"#, "token: a token has letters"),
        (
            #"{"name":"a","type":"alertmanager","url":"https://h","body":"x"}"#,
            "body: a receiver of type alertmanager has only"
        ),
        (#"{"name":"a","type":"webhook","url":"https://h","secrets":"x"}"#, "secrets: expected a list"),
        (
            #"{"name":"a","type":"webhook","url":"https://h","secrets":["\#(secret)","hidden"]}"#,
            "secrets.1: a secret is whsec_"
        ),
        (
            #"{"name":"a","type":"webhook","url":"https://h","body":"xml"}"#,
            #"body: "xml" is none of tracecore, report, cloudevents, alertmanager"#
        ),
        (
            #"{"name":"a","type":"webhook","url":"https://h","allow-private":"yes"}"#,
            "allow-private: expected true or false"
        ),
        (
            #"{"name":"a","type":"webhook","url":"https://h","color":1}"#,
            "color: a receiver of type webhook has only name, type, url"
        ),
        (
            #"{"name":"a","type":"webhook","url":"https://h","headers":{"X-A":"hidden\r\nX: y"}}"#,
            "headers.X-A: the value"
        ),
        (
            #"{"name":"a","type":"webhook","url":"https://h","headers":{"X-A":"hidden\u0000"}}"#,
            "headers.X-A: the value"
        ),
        (#"{"name":"a","type":"webhook","url":"https://h","headers":{"X-A":"ü"}}"#, "headers.X-A: the value"),
        (
            #"{"name":"a","type":"webhook","url":"https://h","headers":{"X\r\nY":"hidden"}}"#,
            #"headers.X\u{d}\u{a}Y: the name"#
        ),
        (#"{"name":"a","type":"webhook","url":"https://h","headers":{"X A":"b"}}"#, "headers.X A: the name"),
        (#"{"name":"a","type":"webhook","url":"https://h","headers":{"":"b"}}"#, "headers.: the name"),
        (#"{"name":"a","type":"command"}"#, "command: a command is a program"),
        (#"{"name":"a","type":"command","command":[]}"#, "command: a command is a program"),
        (#"{"name":"a","type":"command","command":["","x"]}"#, "command: a command is a program"),
        (#"{"name":"a","type":"command","command":["x","a\u0000b"]}"#, "command: a command is a program"),
        (#"{"name":"a","type":"command","command":"rm -rf /"}"#, "command: expected a list"),
        (#"{"name":"a","type":"output","url":"https://h"}"#, "url: a receiver of type output has only name, type"),
    ])
    func `say where they are wrong, and what is allowed`(_ text: String, _ words: String) throws {
        let error = #expect(throws: DecodingError.self) { try receiver(text) }
        let explanation = try #require(error).explanation
        #expect(explanation.contains(words))
        #expect(!explanation.contains("hidden"))
    }

    @Test(arguments: [
        "Host", "hOST", "Content-Length", "Content-Type", "content-encoding", "Connection", "Transfer-Encoding",
        "Proxy-Authorization", "Proxy-Connection", "Forwarded", "X-Forwarded-For", "x-forwarded-host", "Webhook-Id",
        "webhook-signature", "TE", "Upgrade", "Expect", "Trailer", "Keep-Alive",
    ])
    func `set no header that is not theirs`(_ name: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try receiver(#"{"name":"a","type":"webhook","url":"https://h","headers":{"X-A":"b","\#(name)":"x"}}"#)
        }
        #expect(try #require(error).explanation.hasPrefix("headers.\(name): this header is set by the program"))
    }
}
