-- Invoices with the same value in an order are in the order in which they were made, and text is found in any script. Both
-- need what only the log has: the rows are made again from it.
truncate invoices;
delete from parked_events where projection = 'invoices';
update checkpoints set version = version + 1, position = 0, event_id = null, stalled_since = null, stalled_on = null
where projection = 'invoices';

alter table invoices
    add column position bigint not null,            -- in the log, of the event that made it
    add column search text collate "C" not null,    -- reference and number, a line each, folded by the service
    add column search_grams text collate "C" not null;  -- what is looked up of the lines: sequences of characters, a line each

-- As before, with the position in place of the id: it is smaller, and grows.
drop index invoices_by_creation, invoices_by_amount, invoices_by_due_date, invoices_by_issue, invoices_not_issued,
    invoices_by_number, invoices_without_number, invoices_in_state, overdue_invoices, invoices_of_customer;
alter table invoices drop constraint invoices_pkey;
create index invoices_by_creation on invoices (tenant, created_at, position);
create index invoices_by_amount on invoices (tenant, amount, position);
create index invoices_by_due_date on invoices (tenant, due_date, position);
create index invoices_by_issue on invoices (tenant, issued_at, position) where issued_at is not null;
create index invoices_not_issued on invoices (tenant, position) where issued_at is null;
create index invoices_by_number on invoices (tenant, series, number_year, number_in_year, position)
    where number_in_year is not null;
create index invoices_without_number on invoices (tenant, position) where number_in_year is null;
create index invoices_in_state on invoices (tenant, state, created_at, position) where state <> 'closed';
create index overdue_invoices on invoices (tenant, due_date, position) where due_day is not null;
create index invoices_of_customer on invoices (tenant, customer_id, created_at, position)
    include (currency, state, amount, paid_amount, refunded_amount, due_day);
-- Of PostgreSQL's own: pg_trgm leaves out what the locale does not call a letter, which in C is all but ASCII. The list of
-- what waits to be sorted in is read by every search, so it is short.
create index invoices_by_text on invoices using gin (string_to_array(search_grams, E'\n'))
    with (gin_pending_list_limit = 1024);
alter table invoices add primary key (tenant, id);
