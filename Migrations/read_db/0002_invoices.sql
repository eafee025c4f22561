-- One row an invoice, as GET /invoices and GET /invoices/{id} answer it.
create table invoices (
    tenant text not null,
    id uuid not null,
    customer_id uuid not null,
    amount bigint not null,                 -- in minor units of the currency
    currency text not null,
    status text not null,
    reference text,
    due_date date,
    created_at timestamptz not null,
    paid_at timestamptz,
    revision bigint not null,               -- of the last event in this row
    primary key (tenant, id)
);
create index invoices_newest_first on invoices (tenant, created_at desc, id desc);
