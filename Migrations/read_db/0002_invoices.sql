-- One table for everything that is read of invoices.

-- An invoice as a document, and the columns that lists filter and sort by.
create table invoices (
    tenant text collate "C" not null,
    id uuid not null,
    customer_id uuid not null,
    currency text collate "C" not null,
    state text collate "C" not null,            -- draft, open, closed, void
    payment_status text collate "C" not null,   -- unpaid, partially_paid, paid, partially_refunded, refunded
    amount bigint not null,                     -- this and the next two in minor units of the currency
    paid_amount bigint not null,
    refunded_amount bigint not null,
    due_date date,
    due_day date,                               -- the due date while something is due; null otherwise
    created_at timestamptz not null,
    issued_at timestamptz,                      -- null for a draft
    series text collate "C",                    -- this and the next two: the number; null when it has none
    number_year integer,
    number_in_year bigint,
    number text,                                -- as people write it, INV-2026-000001
    reference text,
    revision bigint not null,                   -- of the last event in this row
    document_version integer not null,          -- of the shape of the document
    document text not null                      -- everything that is known of the invoice, as JSON
);

-- Each index serves a list that would otherwise read all invoices of a tenant, and costs a new invoice 3 to 4 µs of the
-- server's time; see the record InvoiceTable. Each is read both ways.
create index invoices_by_creation on invoices (tenant, created_at, id);
create index invoices_by_amount on invoices (tenant, amount, id);
create index invoices_by_due_date on invoices (tenant, due_date, id);
create index invoices_by_issue on invoices (tenant, issued_at, id) where issued_at is not null;
create index invoices_not_issued on invoices (tenant, id) where issued_at is null;
create index invoices_by_number on invoices (tenant, series, number_year, number_in_year, id)
    where number_in_year is not null;
create index invoices_without_number on invoices (tenant, id) where number_in_year is null;
-- Nearly all invoices are closed: a list of those skips few in the order of their creation.
create index invoices_in_state on invoices (tenant, state, created_at, id) where state <> 'closed';
create index overdue_invoices on invoices (tenant, due_date, id) where due_day is not null;
-- Holds all that a statement adds up.
create index invoices_of_customer on invoices (tenant, customer_id, created_at, id)
    include (currency, state, amount, paid_amount, refunded_amount, due_day);

-- The primary key is the youngest index. As long as PostgreSQL knows nothing of what a new table holds, the others that begin
-- with the tenant look as good to it for finding one invoice by its id, and of equals it takes the youngest.
alter table invoices add primary key (tenant, id);
