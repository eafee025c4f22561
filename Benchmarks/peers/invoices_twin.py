"""The invoices as a plain table behind FastAPI and asyncpg: one statement a request, no events, no history.

Where the database is, it takes from the environment, as libpq does: PGHOST, PGPORT, PGUSER, PGDATABASE.
"""

from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

COLUMNS = "id, customer_id, currency, amount, reference, state, paid_amount, created_at, paid_at, revision"


class NewInvoice(BaseModel):
    customerId: UUID
    amount: int = Field(ge=1, le=1_000_000_000_000)
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    reference: str | None = Field(None, max_length=200)


class Invoice(BaseModel):
    id: UUID
    customerId: UUID
    currency: str
    amount: int
    reference: str | None
    state: str
    paidAmount: int
    dueAmount: int
    createdAt: datetime
    paidAt: datetime | None
    revision: int


class Page(BaseModel):
    data: list[Invoice]


def view(row: asyncpg.Record) -> Invoice:
    return Invoice(
        id=row["id"], customerId=row["customer_id"], currency=row["currency"], amount=row["amount"],
        reference=row["reference"], state=row["state"], paidAmount=row["paid_amount"],
        dueAmount=row["amount"] - row["paid_amount"], createdAt=row["created_at"], paidAt=row["paid_at"],
        revision=row["revision"])


@asynccontextmanager
async def connected(app: FastAPI):
    async with asyncpg.create_pool(min_size=16, max_size=32) as app.state.pool:
        yield


app = FastAPI(lifespan=connected)


@app.get("/invoices/{invoice}")
async def find(invoice: UUID) -> Invoice:
    row = await app.state.pool.fetchrow(f"select {COLUMNS} from invoices where id = $1", invoice)
    if row is None:
        raise HTTPException(404)
    return view(row)


@app.get("/invoices")
async def newest(limit: int = 50) -> Page:
    rows = await app.state.pool.fetch(
        f"select {COLUMNS} from invoices order by created_at desc, id desc limit $1", limit)
    return Page(data=[view(row) for row in rows])


@app.post("/invoices", status_code=201)
async def create(invoice: NewInvoice) -> Invoice:
    row = await app.state.pool.fetchrow(
        f"insert into invoices (id, customer_id, currency, amount, reference) values ($1, $2, $3, $4, $5)"
        f" returning {COLUMNS}",
        uuid4(), invoice.customerId, invoice.currency, invoice.amount, invoice.reference)
    return view(row)


@app.post("/invoices/{invoice}/pay")
async def pay(invoice: UUID) -> Invoice:
    row = await app.state.pool.fetchrow(
        "update invoices set paid_amount = amount, paid_at = now(), state = 'paid', revision = revision + 1"
        f" where id = $1 and paid_amount < amount returning {COLUMNS}", invoice)
    if row is None:
        raise HTTPException(409)
    return view(row)
