-- One row an invoice, with what GET /customers/{id}/statement adds up. Not of the table invoices: a projection of its own
-- writes it, which comes forward, stops and is rebuilt by itself.
create table customer_statement_invoices (
    tenant text not null,
    invoice_id uuid not null,
    customer_id uuid not null,
    currency text collate "C" not null,     -- in the order of the codes, whatever the database's language is
    amount bigint not null,                 -- in minor units of the currency
    due_date date,
    is_paid boolean not null,
    primary key (tenant, invoice_id)
);
-- Holds all of a statement: it is added up from neighbouring entries, in the order of its currencies.
create index customer_statements on customer_statement_invoices (tenant, customer_id, currency)
    include (amount, due_date, is_paid);
