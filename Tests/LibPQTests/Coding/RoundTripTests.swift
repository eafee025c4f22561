import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Values go to the server and come back` {
    @Test func `booleans`() async throws { try await roundTrip([true, false], "boolean") }

    @Test func `16-bit integers`() async throws { try await roundTrip([Int16.min, -1, 0, 1, .max], "smallint") }

    @Test func `32-bit integers`() async throws { try await roundTrip([Int32.min, -1, 0, 1, .max], "integer") }

    @Test func `64-bit integers`() async throws { try await roundTrip([Int64.min, -1, 0, 1, .max], "bigint") }

    @Test func `integers of the machine`() async throws { try await roundTrip([Int.min, -1, 0, 1, .max], "bigint") }

    @Test func `floating-point numbers`() async throws {
        try await roundTrip(
            [0, -0.0, 1.5, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity],
            "double precision")
        try await withClient { client in
            let echo = try await client.value(Double.self, "SELECT $1", Double.nan)
            #expect(echo.isNaN)
        }
    }

    @Test func `texts`() async throws {
        try await roundTrip(
            ["", "plain", "å ß 漢字 👩‍👩‍👧", "'; DROP TABLE x; --", "a\\b\"c", String(repeating: "long ", count: 50_000)],
            "text")
    }

    @Test func `bytes`() async throws { try await roundTrip([[], [0], Array(0...255)] as [[UInt8]], "bytea") }

    @Test func `UUIDs`() async throws {
        let ones = try #require(UUID(uuidString: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"))
        let zeroes = try #require(UUID(uuidString: "00000000-0000-0000-0000-000000000000"))
        try await roundTrip([ones, zeroes, UUID()], "uuid")
    }

    @Test func `instants to the microsecond`() async throws {
        let epoch = Date(timeIntervalSince1970: 0)
        let dates = [
            epoch, epoch + 0.000_001, epoch - 0.5, epoch + 1_700_000_000.123_456, .distantFuture, .distantPast,
        ]
        try await roundTrip(dates, "timestamptz") { left, right in
            abs(left.timeIntervalSince(right)) < 0.000_000_5
        }
        try await withClient { client in
            let rows = try await client.query("SELECT $1::text", Date(timeIntervalSince1970: 1_700_000_000.123_456))
            #expect(try rows[0].decode(String.self).hasPrefix("2023-11-14 22:13:20.123456"))
        }
    }

    @Test func `days`() async throws {
        let days = try [(1, 1, 1), (1999, 12, 31), (2000, 2, 29), (2026, 11, 21), (5_874_897, 12, 31)].map {
            try #require(PostgresDate(year: $0.0, month: $0.1, day: $0.2))
        }
        try await roundTrip(days, "date")
        try await withClient { client in
            let text = try await client.value(String.self, "SELECT $1::text", days[3])
            #expect(text == "2026-11-21")
        }
    }

    @Test func `JSON documents`() async throws {
        try await roundTrip([#"{"a": [1, null, "ü"]}"#, "null", "[]", #""""#].map { PostgresJSON($0) }, "jsonb")
    }

    /// Sends each value alone, as NULL, and all of them as arrays without and with NULLs.
    private func roundTrip<Value: PostgresCodable & PostgresArrayElement & Equatable>(
        _ values: [Value], _ type: String, isSame: @escaping (Value, Value) -> Bool = (==)
    ) async throws {
        try await withClient { client in
            let one = PostgresStatement("SELECT $1::\(type)")
            for value in values {
                let echo = try await client.value(Value.self, one, value)
                #expect(isSame(echo, value))
            }
            #expect(try await client.value(Value?.self, one, Value?.none) == nil)

            let many = PostgresStatement("SELECT $1::\(type)[]")
            let echoes = try await client.value([Value].self, many, values)
            #expect(echoes.count == values.count && zip(echoes, values).allSatisfy(isSame))
            #expect(try await client.value([Value].self, many, [Value]()).isEmpty)

            let withNulls = [nil] + values.map(Optional.some) + [nil]
            let optionals = try await client.value([Value?].self, many, withNulls)
            #expect(optionals.count == withNulls.count)
            #expect(optionals.first == .some(nil) && optionals.last == .some(nil))
            #expect(zip(optionals.compactMap(\.self), values).allSatisfy(isSame))
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `Values that do not fit` {
    @Test(arguments: ["9223372036854775807", "-2147483649", "2147483648"])
    func `are refused, naming the column and the types`(number: String) async throws {
        try await withClient { client in
            let row = try await client.query(PostgresStatement("SELECT \(number)::int8 AS amount"))[0]
            let error = try #require(#expect(throws: PostgresError.self) { try row.decode(Int32.self) })
            #expect(error.code == .decoding)
            #expect(error.message.contains("\"amount\" of type int8"))
            #expect(error.message.contains("Int32"))
            #expect(!error.message.contains(number), "the value itself is nobody's business")
        }
    }

    @Test func `narrow integers read wide columns as long as the value fits`() async throws {
        try await withClient { client in
            let row = try await client.query("SELECT 32767::int8, 32768::int8, 5::int2")[0]
            #expect(try row[0].decode(Int16.self) == 32767)
            #expect(throws: PostgresError.self) { try row[1].decode(Int16.self) }
            #expect(try row[2].decode(Int64.self) == 5)
        }
    }

    @Test func `NULL is refused by what is not optional`() async throws {
        try await withClient { client in
            let row = try await client.query("SELECT NULL::text AS name, ARRAY[1, NULL]::int4[]")[0]
            #expect(row[0].isNull)
            #expect(throws: PostgresError.self) { try row[0].decode(String.self) }
            #expect(throws: PostgresError.self) { try row[1].decode([Int32].self) }
        }
    }

    @Test func `another type is refused, and so are more columns than there are`() async throws {
        try await withClient { client in
            let row = try await client.query("SELECT 'x'::text")[0]
            #expect(throws: PostgresError.self) { try row.decode(Int.self) }
            #expect(throws: PostgresError.self) { try row.decode(UUID.self) }
            #expect(throws: PostgresError.self) { try row.decode(String.self, String.self) }
        }
    }

    @Test func `arrays of more than one dimension are refused`() async throws {
        try await withClient { client in
            let row = try await client.query("SELECT ARRAY[[1, 2], [3, 4]]::int4[]")[0]
            #expect(throws: PostgresError.self) { try row.decode([Int32].self) }
        }
    }

    @Test func `a cell lends its bytes without a copy`() async throws {
        try await withClient { client in
            let row = try await client.query("SELECT '\\x010203'::bytea")[0]
            #expect(row[0].withBytes { $0.byteCount } == 3)
        }
    }
}
