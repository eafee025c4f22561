-- What the lists of invoices are read by. Each order is read both ways from one index, invoices without a value after all
-- others: in two steps, so that a page never reads more than it holds.
create index invoices_by_due_date on invoices (tenant, due_date, id);
create index invoices_by_amount on invoices (tenant, amount, id);
create index invoices_by_issue on invoices (tenant, issued_at, id);
create index invoices_by_number on invoices (tenant, series, number_year, number_in_year, id);
create index invoices_of_customer on invoices (tenant, customer_id, created_at, id);
create index invoices_in_state on invoices (tenant, state, created_at, id);
create index overdue_invoices on invoices (tenant, due_date, id) where state = 'open' and due_amount > 0;
