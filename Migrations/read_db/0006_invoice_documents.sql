-- An invoice as a document and as a debt: a draft, open, closed or void; with lines, a number, payments and refunds. What
-- was there is of the first version: plain amounts without a number, open from the start, and paid in full if at all.
alter table invoices
    add column state text,                  -- draft, open, closed, void
    add column payment_status text,         -- unpaid, partially_paid, paid, partially_refunded, refunded
    add column number text,                 -- as people write it, INV-2026-000001; null when it has none
    add column series text,
    add column number_year integer,
    add column number_in_year bigint,
    add column net_amount bigint,           -- of net and tax, amount is the sum
    add column tax_amount bigint not null default 0,
    add column paid_amount bigint not null default 0,
    add column refunded_amount bigint not null default 0,
    add column lines jsonb not null default '[]',
    add column rounding_rule text,
    add column issued_at timestamptz,
    add column voided_at timestamptz,
    add column void_reason text;
update invoices set
    state = case status when 'paid' then 'closed' else 'open' end,
    payment_status = case status when 'paid' then 'paid' else 'unpaid' end,
    net_amount = amount, paid_amount = case status when 'paid' then amount else 0 end, issued_at = created_at;
alter table invoices
    alter column state set not null,
    alter column payment_status set not null,
    alter column net_amount set not null,
    add column due_amount bigint not null generated always as (amount - paid_amount) stored,
    drop column status;

-- A statement adds up what is due of open invoices, and what is kept of payments.
alter table customer_statement_invoices
    add column state text,
    add column paid_amount bigint not null default 0,
    add column refunded_amount bigint not null default 0;
update customer_statement_invoices set
    state = case when is_paid then 'closed' else 'open' end, paid_amount = case when is_paid then amount else 0 end;
drop index customer_statements;
alter table customer_statement_invoices
    alter column state set not null,
    drop column is_paid;
create index customer_statements on customer_statement_invoices (tenant, customer_id, currency)
    include (state, amount, paid_amount, refunded_amount, due_date);
