"""Makes out invoices, has them paid, lists them, is refused: with the client that openapi-python-client generates."""

import datetime
import os
import uuid

from invoices_client import Client
from invoices_client.api.invoices import (
    create_invoice, create_invoices, get_invoice, issue_invoice, list_invoice_events, list_invoices, pay_invoice,
    refund_invoice, revise_invoice, void_invoice)
from invoices_client.models import (
    CreateInvoiceRequest, CreateInvoicesRequest, Invoice, InvoiceBatch, InvoiceEventList, InvoiceList, InvoiceSort,
    InvoiceState, NewInvoiceLine, PayInvoiceRequest, PaymentMethod, PaymentStatus, Problem, RefundInvoiceRequest,
    ReviseInvoiceRequest, VoidInvoiceRequest)

client = Client(base_url=os.environ["INVOICES_URL"])
customer = uuid.uuid4()
due = datetime.date(2030, 12, 31)


def invoice(answer, status=200):
    assert answer.status_code == status and isinstance(answer.parsed, Invoice), answer
    return answer.parsed


def problem(answer, status, code):
    """What the answer refuses with: a problem in types, as every answer that is no success."""
    assert answer.status_code == status and isinstance(answer.parsed, Problem), answer
    assert answer.parsed.code == code and answer.parsed.type_ == f"/problems/{code}", answer
    assert answer.parsed.detail and answer.parsed.correlation_id == answer.headers["X-Request-ID"], answer
    return answer.parsed


# Create, of an amount. Dates and ids are values, null is None.
order = CreateInvoiceRequest(
    customer_id=customer, amount=1250, currency="EUR", due_date=due, reference="Order 1042")
created = create_invoice.sync_detailed(client=client, body=order)
plain = invoice(created, 201)
assert (plain.customer_id, plain.amount, plain.due_date, plain.lines) == (customer, 1250, due, []), plain
assert plain.state == InvoiceState.OPEN and plain.payment_status == PaymentStatus.UNPAID and plain.number, plain
assert plain.paid_at is None and plain.created_at.tzinfo, plain

# Create, of lines, and once: sent again with the same key, the answer is the same.
order = CreateInvoiceRequest(customer_id=customer, currency="EUR", lines=[
    NewInvoiceLine(description="Consulting, hours", quantity="1.5", unit_price=9900, tax_rate=1900),
    NewInvoiceLine(description="Travel", quantity="1", unit_price=4250, tax_rate=700)])
key = str(uuid.uuid4())
first = create_invoice.sync_detailed(client=client, body=order, idempotency_key=key)
second = create_invoice.sync_detailed(client=client, body=order, idempotency_key=key)
lined = invoice(first, 201)
assert (lined.net_amount, lined.tax_amount, lined.amount) == (19100, 3120, 22220), lined
assert lined.lines[0].net_amount == 14850 and lined.rounding_rule, lined
assert invoice(second, 201) == lined and second.headers["Idempotency-Replayed"] == "true", second

# Pay: a part of it if nothing has happened since, then without a body what is left.
payment = PayInvoiceRequest(
    amount=500, method=PaymentMethod.BANK_TRANSFER, reference="E2E-7781",
    paid_at=datetime.datetime.now(datetime.timezone.utc))
part = pay_invoice.sync_detailed(plain.id, client=client, body=payment, if_match=created.headers["ETag"])
assert (invoice(part).payment_status, part.parsed.due_amount) == (PaymentStatus.PARTIALLY_PAID, 750), part
paid = pay_invoice.sync_detailed(plain.id, client=client)
assert (invoice(paid).state, paid.parsed.payment_status) == (InvoiceState.CLOSED, PaymentStatus.PAID), paid
assert paid.parsed.paid_at and paid.parsed.revision > plain.revision, paid

# Conflicts: paid again, and with an ETag that is out of date.
problem(pay_invoice.sync_detailed(plain.id, client=client), 409, "invoice-already-paid")
late = pay_invoice.sync_detailed(plain.id, client=client, if_match=created.headers["ETag"])
problem(late, 412, "precondition-failed")
assert late.headers["ETag"] == paid.headers["ETag"], late

# Every wrong value at once.
wrong = CreateInvoiceRequest(customer_id=customer, amount=0, currency="EURO", reference="two\nlines")
errors = problem(create_invoice.sync_detailed(client=client, body=wrong), 422, "validation-failed").errors
found = {error.pointer: error.code for error in errors}
assert found == {"/amount": "out-of-range", "/currency": "unknown-currency", "/reference": "invalid-reference"}, found

# Far too large: the answer arrives although all of it is sent first, and the connection can be used again.
order = CreateInvoiceRequest(customer_id=customer, amount=100, reference="x" * 20_000_000)
problem(create_invoice.sync_detailed(client=client, body=order), 413, "body-too-large")

# A draft: changed, issued, withdrawn. What is left out is kept, None takes away.
order = CreateInvoiceRequest(customer_id=customer, amount=100, currency="EUR", due_date=due, draft=True)
draft = invoice(create_invoice.sync_detailed(client=client, body=order), 201)
assert draft.state == InvoiceState.DRAFT and draft.number is None, draft
change = ReviseInvoiceRequest(amount=200, due_date=None)
draft = invoice(revise_invoice.sync_detailed(draft.id, client=client, body=change))
assert (draft.amount, draft.due_date) == (200, None), draft
assert invoice(issue_invoice.sync_detailed(draft.id, client=client)).state == InvoiceState.OPEN
withdrawn = void_invoice.sync_detailed(draft.id, client=client, body=VoidInvoiceRequest(reason="Sent twice"))
assert invoice(withdrawn).state == InvoiceState.VOID and withdrawn.parsed.void_reason == "Sent twice", withdrawn
problem(pay_invoice.sync_detailed(draft.id, client=client), 409, "action-not-allowed")

# Refund.
refunded = refund_invoice.sync_detailed(plain.id, client=client, body=RefundInvoiceRequest(amount=50))
assert invoice(refunded).payment_status == PaymentStatus.PARTIALLY_REFUNDED, refunded

# Several at once, each with an outcome of its own.
several = create_invoices.sync(client=client, body=CreateInvoicesRequest(invoices=[
    CreateInvoiceRequest(customer_id=customer, amount=1, currency="EUR"),
    CreateInvoiceRequest(customer_id=customer, currency="EUR")]))
assert isinstance(several, InvoiceBatch) and (several.created, several.refused) == (1, 1), several
assert several.outcomes[0].invoice.amount == 1, several
assert several.outcomes[1].problem.errors[0].pointer == "/invoices/1/amount", several

# List: with a filter, in an order, a page after the other, with the write included.
token, filters = refunded.headers["Consistency-Token"], {
    "customer_id": customer, "state": [InvoiceState.OPEN, InvoiceState.CLOSED], "sort": InvoiceSort.AMOUNT_DESCENDING}
page = list_invoices.sync(client=client, limit=2, total=True, consistency_token=token, **filters)
assert isinstance(page, InvoiceList) and [i.id for i in page.data] == [lined.id, plain.id] and page.total == 3, page
last = list_invoices.sync(client=client, limit=2, cursor=page.next_cursor, **filters)
assert [i.id for i in last.data] == [several.outcomes[0].id] and last.next_cursor is None, last
back = list_invoices.sync(client=client, limit=2, cursor=last.prev_cursor, **filters)
assert back.data == page.data, back

# Text in any script, in capitals or not, and a batch in its order. A currency that was withdrawn is none for what is new.
greek = CreateInvoiceRequest(customer_id=customer, amount=7, currency="EUR", reference="ΟΔΥΣΣΕΥΣ", draft=True)
batch = create_invoices.sync(client=client, body=CreateInvoicesRequest(invoices=[greek, greek, greek]))
same = list_invoices.sync(client=client, customer_id=customer, q="οδυσσευς", sort=InvoiceSort.AMOUNT)
assert [i.id for i in same.data] == [outcome.id for outcome in batch.outcomes], same
lev = CreateInvoiceRequest(customer_id=customer, amount=7, currency="BGN")
errors = problem(create_invoice.sync_detailed(client=client, body=lev), 422, "validation-failed").errors
assert (errors[0].code, "EUR" in errors[0].detail) == ("withdrawn-currency", True), errors

# What has happened, and how it was before.
events = list_invoice_events.sync(plain.id, client=client)
assert isinstance(events, InvoiceEventList) and len(events.data) == 4, events
assert events.data[1].data.amount == 500 and events.data[1].data.method == "bank_transfer", events
assert get_invoice.sync(plain.id, client=client, revision=plain.revision) == plain

# Not found.
problem(get_invoice.sync_detailed(uuid.uuid4(), client=client), 404, "invoice-not-found")

print("Python: created, paid in parts, refused, changed, issued, withdrawn, refunded, listed, looked back")
