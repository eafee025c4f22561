import LibPQ
import Testing

struct `Names of arguments in a statement` {
    @Test func `become numbers, in the order of their first appearance`() {
        let statement: PostgresStatement = "UPDATE t SET name = :name, old = :old_1 WHERE id=:id AND name <> :name"
        #expect(statement.sql == "UPDATE t SET name = $1, old = $2 WHERE id=$3 AND name <> $1")
        #expect(statement.names == ["name", "old_1", "id"])
    }

    @Test func `may be cast, and be in arrays`() {
        let statement: PostgresStatement = "SELECT :a::text, ARRAY[:a, :b], x[1:2], y[low : high], (:c)::int8[]"
        #expect(statement.sql == "SELECT $1::text, ARRAY[$1, $2], x[1:2], y[low : high], ($3)::int8[]")
        #expect(statement.names == ["a", "b", "c"])
    }

    @Test(arguments: [
        "SELECT 'a :x', 'it''s :x', E'\\' :x', e'a''b\\\\' || $1",
        "SELECT \":x\", \"a\"\":x\" FROM t",
        "SELECT 1 -- :x\n, 2 /* :x /* :x */ :x */ + 3",
        "SELECT $$ :x $$, $tag$ $$ :x $other$ $tag$, $1",
        "SELECT now()::text, f(a := 1), f(a:=b), '12:ab'",
        "SELECT 'not closed :x", "SELECT 1 /* not closed :x", "SELECT $$ not closed :x", "SELECT E'not closed :x\\",
        "SELECT a$b :: text", "SELECT 1:", ":", "",
    ])
    func `are not found where there are none`(sql: String) {
        let statement = PostgresStatement(sql)
        #expect(statement.sql == sql)
        #expect(statement.names == [])
    }

    @Test func `are found behind whatever else has a colon`() {
        let statement: PostgresStatement = """
            SELECT 'x:y', E'\\':z', $a$ :b $a$, "c:d" -- :e
            FROM t /* :f */ WHERE größe = :größe::int8 AND note$a = 'it''s' AND id = :id
            """
        #expect(statement.names == ["größe", "id"])
        #expect(statement.sql.contains("größe = $1::int8 AND note$a = 'it''s' AND id = $2"))
    }

    @Test func `do not mix with numbers`() async {
        await #expect(processExitsWith: .failure) { _ = PostgresStatement("SELECT $1, :name") }
    }

    @Test func `make equal what reads equal to the server`() {
        #expect(PostgresStatement("SELECT :a") == PostgresStatement("SELECT $1"))
    }
}
