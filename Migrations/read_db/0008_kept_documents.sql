-- An invoice as it is answered, so that reading one is not writing one. Nothing in it depends on the day. Rows that were there
-- get theirs when they are written again, or all at once: invoices projections rebuild invoices --accept-differences
alter table invoices
    add column document text,                -- JSON; null until the row is written by a program that keeps it
    add column document_form integer,        -- which form it has: a program reads its own, and writes any other anew
    add column document_revision bigint;     -- that it shows; any other than the row's was left by a program that keeps none
