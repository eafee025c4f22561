import EventSourcing
import Testing

@Suite struct JSONMembersTests {
    private func members(_ json: String) throws -> JSONMembers {
        try JSONMembers(EventPayload(bytes: Array(json.utf8)))
    }

    private func text(_ members: JSONMembers) -> String { String(decoding: members.payload.bytes, as: UTF8.self) }

    @Test func `what is not touched keeps its bytes`() throws {
        let json = #"{ "a" : 0.10000000000000000001, "b":[1, {"c":"},]\""}] ,"d":"\u00e9","e":null}"#
        #expect(
            try text(members(json))
                == #"{"a":0.10000000000000000001,"b":[1, {"c":"},]\""}] ,"d":"\u00e9","e":null}"#)
        #expect(try text(members(" {} ")) == "{}")
    }

    @Test func `members are renamed, set, removed and read`() throws {
        var members = try members(#"{"a":1,"b":{"x":[true]},"c":"text","d":null}"#)
        members.rename("a", to: "z")
        members.rename("missing", to: "c")
        members.remove("b")
        try members.set("c", to: "new")
        try members.set("e\"\n", to: [1, 2])
        #expect(text(members) == #"{"z":1,"c":"new","d":null,"e\"\u000a":[1,2]}"#)
        #expect(try members.decode("z", as: Int.self) == 1)
        #expect(try members.decode("d", as: Int.self) == nil)
        #expect(try members.decode("b", as: Int.self) == nil)
        #expect(members.names == ["z", "c", "d", "e\"\n"])
        #expect(throws: DecodingError.self) { try members.decode("c", as: Int.self) }
    }

    @Test func `a renamed member takes the place of one that has its new name`() throws {
        var members = try members(#"{"a":1,"b":2}"#)
        members.rename("a", to: "b")
        #expect(text(members) == #"{"b":1}"#)
    }

    @Test(arguments: [
        "", "[]", "1", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1"#, #"{"a":"b}"#, #"{"a":1} 2"#, #"{a:1}"#,
        #"{"a":1,"a":2}"#, #"{"a":[1}"#, #"{"\"#,
    ])
    func `what is not one object is refused`(_ json: String) throws {
        #expect(throws: MalformedJSON.self) { try members(json) }
    }
}
