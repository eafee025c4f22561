-- What the lists of invoices are read by. Each order is read both ways from one index, invoices without a value after all
-- others: in two steps, so that a page never reads more than it holds.
create index invoices_by_due_date on invoices (tenant, due_date, id);
create index invoices_by_amount on invoices (tenant, amount, id);
create index invoices_by_issue on invoices (tenant, issued_at, id);
create index invoices_by_number on invoices (tenant, series, number_year, number_in_year, id);
create index invoices_of_customer on invoices (tenant, customer_id, created_at, id);
create index invoices_in_state on invoices (tenant, state, created_at, id);
create index overdue_invoices on invoices (tenant, due_date, id) where state = 'open' and due_amount > 0;

-- The primary key is made anew as the youngest index. As long as PostgreSQL knows nothing of what a new table holds, the
-- others that begin with the tenant look as good to it for finding one invoice by its id, and of equals it takes the youngest:
-- reads would go through all invoices until the table is analyzed for the first time.
alter table invoices drop constraint invoices_pkey;
alter table invoices add primary key (tenant, id);
