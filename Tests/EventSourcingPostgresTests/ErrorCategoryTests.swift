import EventSourcing
import EventSourcingPostgres
import LibPQ
import Testing

@Suite struct ErrorCategoryTests {
    @Test(arguments: [
        (PostgresError.Code.server(.checkViolation), ErrorCategory.poison), (.server(.undefinedTable), .fatal),
        (.server(.insufficientPrivilege), .fatal), (.connectionLost, .transient), (.outcomeUnknown, .transient),
        (.closed, .transient), (.timeout, .transient), (.decoding, .fatal),
    ])
    func `an error of PostgreSQL has a category`(code: PostgresError.Code, category: ErrorCategory) {
        #expect(PostgresError(code, "").category == category)
    }
}
