"""Makes out an invoice, pays it and finds it again, with the client that openapi-python-client generates."""

import datetime
import os
import uuid

from invoices_client import Client
from invoices_client.api.invoices import create_invoice, get_invoice, list_invoices, pay_invoice
from invoices_client.models import CreateInvoiceRequest, Invoice, InvoiceList, Problem
from invoices_client.types import UNSET

client = Client(base_url=os.environ["INVOICES_URL"])
due = datetime.date(2030, 12, 31)

# Create. Dates and ids are values, null is None.
order = CreateInvoiceRequest(
    customer_id=uuid.uuid4(), amount=1250, currency="EUR", due_date=due, reference="Order 1042")
created = create_invoice.sync_detailed(client=client, body=order)
invoice = created.parsed
assert created.status_code == 201 and isinstance(invoice, Invoice), created
assert (invoice.customer_id, invoice.amount, invoice.due_date) == (order.customer_id, 1250, due), invoice
assert invoice.paid_at is None and invoice.created_at.tzinfo, invoice

# Pay, if nothing has happened to it since.
paid = pay_invoice.sync_detailed(invoice.id, client=client, if_match=created.headers["ETag"])
assert paid.status_code == 200 and isinstance(paid.parsed, Invoice), paid
assert paid.parsed.paid_at and paid.parsed.revision > invoice.revision, paid

# Conflicts: paid again, and with an ETag that is out of date.
again = pay_invoice.sync_detailed(invoice.id, client=client)
assert again.status_code == 409 and isinstance(again.parsed, Problem), again
assert again.parsed.type_ == f"/problems/{again.parsed.code}" and again.parsed.detail, again
late = pay_invoice.sync_detailed(invoice.id, client=client, if_match=created.headers["ETag"])
assert late.status_code == 412 and late.headers["ETag"] == paid.headers["ETag"], late

# List, a page after the other, with the write included.
token = paid.headers["Consistency-Token"]
found, cursor = set(), UNSET
for _ in range(1000):
    page = list_invoices.sync(client=client, limit=200, consistency_token=token, cursor=cursor)
    assert isinstance(page, InvoiceList), page
    found |= {listed.id for listed in page.data}
    if invoice.id in found or not page.next_cursor:
        break
    cursor = page.next_cursor
assert invoice.id in found

# Not found.
missing = get_invoice.sync_detailed(uuid.uuid4(), client=client)
assert missing.status_code == 404 and isinstance(missing.parsed, Problem), missing

print("Python: created, paid, refused twice, listed, not found")
