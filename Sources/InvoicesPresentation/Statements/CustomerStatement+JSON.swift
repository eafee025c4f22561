import EventSourcing
import InvoicesApplication
import InvoicesDomain

extension JSONWriter {
    mutating func statement(_ statement: CustomerStatement) {
        object { json in
            json.member("customerId", statement.customer)
            json.member("on", statement.day.description)
            json.member("balances") { $0.array(statement.balances) { $0.balance($1) } }
        }
    }

    private mutating func balance(_ balance: CustomerStatement.Balance) {
        object { json in
            json.member("currency", balance.currency.code)
            json.member("open") { $0.total(balance.open) }
            json.member("overdue") { $0.total(balance.overdue) }
            json.member("paid") { $0.total(balance.paid) }
        }
    }

    private mutating func total(_ total: CustomerStatement.Total) {
        object { json in
            json.member("invoices", total.invoices)
            json.member("amount", total.amount)
        }
    }
}
