import FoundationEssentials
import Testing

@testable import BullMQ

@Suite struct BullMQJobOptionsTests {
    @Test func `options are written as BullMQ writes them`() {
        let options = options {
            $0.attempts = 3
            $0.backoff = BullMQBackoff(.exponential, .seconds(1), jitter: 0.5)
            $0.delay = .milliseconds(1_500)
            $0.priority = 7
            $0.isFirst = true
            $0.removeOnComplete = .age(.seconds(60), count: 5)
            $0.removeOnFail = .count(10)
        }
        #expect(
            options.json(id: "a\"b\n") == #"""
                {"jobId":"a\"b\u000a","attempts":3,"backoff":{"type":"exponential","delay":1000,"jitter":0.5},"delay":1500,"priority":7,"lifo":true,"removeOnComplete":{"age":60,"count":5},"removeOnFail":10}
                """#)
    }

    @Test func `what is written is read`() throws {
        for (complete, fail) in [
            (BullMQRetention.all, BullMQRetention.none), (.count(3), .age(.seconds(9))),
            (.age(.seconds(1), count: 2), .all),
        ] {
            let options = options {
                $0.attempts = 4
                $0.backoff = BullMQBackoff(.fixed, .seconds(2))
                $0.delay = .seconds(3)
                $0.removeOnComplete = complete
                $0.removeOnFail = fail
            }
            #expect(try decode(options.json(id: "x")) == options)
        }
    }

    @Test func `options of other clients are read`() throws {
        #expect(try decode("{}") == BullMQJobOptions())
        let expected = options {
            $0.backoff = BullMQBackoff(.fixed, .milliseconds(250))
            $0.removeOnComplete = .none
        }
        #expect(
            try decode(#"{"attempts":0,"backoff":250,"removeOnComplete":0,"removeOnFail":-1,"kl":5}"#) == expected)
        #expect(try decode(#"{"backoff":{"type":"own","delay":7}}"#).backoff == BullMQBackoff(.fixed, .milliseconds(7)))
        #expect(try decode(#"{"removeOnComplete":{"count":4}}"#).removeOnComplete == .count(4))
        #expect(try decode(#"{"removeOnComplete":null,"backoff":null}"#) == BullMQJobOptions())
    }

    private func decode(_ json: String) throws -> BullMQJobOptions {
        try JSONDecoder().decode(BullMQJobOptions.self, from: Data(json.utf8))
    }
}
