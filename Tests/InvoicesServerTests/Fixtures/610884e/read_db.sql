SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.compete_for_resources(process text, released text[], wanted text[], held text[], patience interval) RETURNS SETOF text
    LANGUAGE plpgsql
    AS $$
declare
    name text;
    got text[] := '{}';
begin
    delete from owners where resource = any (released) and backend_pid = pg_backend_pid();
    perform pg_advisory_unlock(ownership_key(r)) from unnest(released) r;
    foreach name in array wanted loop
        if not pg_try_advisory_lock(ownership_key(name)) then
            -- With a lock in two halves, as pg_locks shows it.
            perform pg_terminate_backend(o.backend_pid, 500)
            from owners o
            join pg_stat_activity a on a.pid = o.backend_pid and a.backend_start = o.backend_start
            join pg_locks l on l.pid = o.backend_pid and l.granted and l.locktype = 'advisory' and l.objsubid = 1
                and l.database = (select d.oid from pg_database d where d.datname = current_database())
                and l.classid::bigint << 32 | l.objid::bigint = o.lock_key
            where o.resource = name and o.heartbeat_at < clock_timestamp() - patience;
            continue when not found or not pg_try_advisory_lock(ownership_key(name));
        end if;
        got := got || name;
    end loop;
    insert into owners as o (resource, lock_key, owner, backend_pid, backend_start)
    select r, ownership_key(r), process, a.pid, a.backend_start
    from unnest(got || held) r, pg_stat_activity a
    where a.pid = pg_backend_pid()
    on conflict (resource) do update set
        owner = excluded.owner, backend_pid = excluded.backend_pid, backend_start = excluded.backend_start,
        owned_since = case when o.backend_pid = excluded.backend_pid and o.backend_start = excluded.backend_start
                      then o.owned_since else excluded.owned_since end,
        heartbeat_at = excluded.heartbeat_at;
    return query select unnest(got);
end $$;
CREATE FUNCTION public.ownership_key(resource text) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    RETURN hashtextextended(('ownership of '::text || resource), (0)::bigint);
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.checkpoints (
    projection text NOT NULL,
    "position" bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    partition integer NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    incarnation uuid,
    event_id uuid,
    stalled_since timestamp with time zone,
    stalled_on text
);
CREATE TABLE public.customer_statement_invoices (
    tenant text NOT NULL,
    invoice_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    currency text NOT NULL COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    due_date date,
    state text NOT NULL,
    paid_amount bigint DEFAULT 0 NOT NULL,
    refunded_amount bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.invoices (
    tenant text NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reference text,
    due_date date,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    revision bigint NOT NULL,
    state text NOT NULL,
    payment_status text NOT NULL,
    number text,
    series text,
    number_year integer,
    number_in_year bigint,
    net_amount bigint NOT NULL,
    tax_amount bigint DEFAULT 0 NOT NULL,
    paid_amount bigint DEFAULT 0 NOT NULL,
    refunded_amount bigint DEFAULT 0 NOT NULL,
    lines jsonb DEFAULT '[]'::jsonb NOT NULL,
    rounding_rule text,
    issued_at timestamp with time zone,
    voided_at timestamp with time zone,
    void_reason text,
    due_amount bigint GENERATED ALWAYS AS ((amount - paid_amount)) STORED NOT NULL,
    document text,
    document_form integer,
    document_revision bigint
);
CREATE UNLOGGED TABLE public.owners (
    resource text NOT NULL,
    lock_key bigint NOT NULL,
    owner text NOT NULL,
    backend_pid integer NOT NULL,
    backend_start timestamp with time zone NOT NULL,
    owned_since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.parked_events (
    projection text NOT NULL,
    partition integer NOT NULL,
    "position" bigint NOT NULL,
    tenant text NOT NULL,
    stream text NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    parked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    reason text,
    retry_requested boolean DEFAULT false NOT NULL,
    skipped_at timestamp with time zone,
    skip_reason text
);
CREATE TABLE public.projections (
    projection text NOT NULL,
    partitions integer NOT NULL,
    wanted_partitions integer NOT NULL,
    paused_at timestamp with time zone,
    pause_reason text,
    CONSTRAINT projections_partitions_check CHECK (((partitions >= 1) AND (partitions <= 1024))),
    CONSTRAINT projections_wanted_partitions_check CHECK (((wanted_partitions >= 1) AND (wanted_partitions <= 1024)))
);
CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    duration_ms bigint NOT NULL
);
INSERT INTO public.checkpoints VALUES
	('customer-statements', 108, '2026-11-27 07:33:57.485012+00', 0, 68, 'b5c13f40-a8e0-47d4-810b-efcdad9be49b', '01a21bec-dc69-7c5e-92b7-249cc7670c26', NULL, NULL),
	('invoices', 108, '2026-11-27 07:33:57.485098+00', 0, 68, 'b5c13f40-a8e0-47d4-810b-efcdad9be49b', '01a21bec-dc69-7c5e-92b7-249cc7670c26', NULL, NULL);
INSERT INTO public.customer_statement_invoices VALUES
	('main', '0190a6e2-0000-7000-8000-000000000101', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 1050, '2026-03-31', 'open', 0, 0),
	('main', '0190a6e2-0000-7000-8000-000000000102', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 2050, NULL, 'closed', 2050, 0),
	('main', '0190a6e2-0000-7000-8000-000000000103', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 3050, '2026-03-31', 'open', 0, 0),
	('main', '0190a6e2-0000-7000-8000-000000000104', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 4050, NULL, 'closed', 4050, 0),
	('main', '0190a6e2-0000-7000-8000-000000000105', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 5050, '2026-03-31', 'open', 0, 0),
	('main', '0190a6e2-0000-7000-8000-000000000106', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 6050, NULL, 'closed', 6050, 0),
	('main', '01a21bec-da8f-79af-95ad-2000bbb6fba6', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 1000, NULL, 'draft', 0, 0),
	('main', '01a21bec-daa2-7471-bdda-429d235526d6', '0190a6e2-0000-7000-8000-000000000003', 'CHF', 111755, '2026-12-24', 'draft', 0, 0),
	('main', '01a21bec-daad-7677-856d-0c2c95663a34', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 2000, '2026-10-01', 'open', 0, 0),
	('main', '01a21bec-dab8-76b1-bb63-95607fbbf8c2', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 5, NULL, 'open', 0, 0),
	('main', '01a21bec-dac7-7315-829e-31802746612a', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 3000, NULL, 'closed', 3000, 0),
	('main', '01a21bec-dadd-738d-92d4-e332b4ab3347', '0190a6e2-0000-7000-8000-000000000003', 'USD', 4000, NULL, 'open', 1500, 0),
	('main', '01a21bec-daef-798a-84e5-9cc11f65f83c', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 4100, NULL, 'closed', 4100, 100),
	('main', '01a21bec-db06-7cfe-8cc5-a6c716d98e40', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 4200, NULL, 'closed', 4200, 4200),
	('main', '01a21bec-db1a-7d50-a390-d204682967d2', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 4300, NULL, 'void', 0, 0),
	('main', '01a21bec-db27-7130-9763-b5edf3f4b8d9', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 4400, NULL, 'open', 0, 0),
	('main', '01a21bec-db34-747a-836b-6f61f6d4e5f9', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 4600, NULL, 'open', 0, 0),
	('main', '01a21bec-db48-73f7-b5cf-93e35a0bf683', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 1001, NULL, 'draft', 0, 0),
	('main', '01a21bec-db4f-7ced-a81c-4f830f8b9534', '0190a6e2-0000-7000-8000-000000000002', 'CHF', 111755, '2026-12-24', 'draft', 0, 0),
	('main', '01a21bec-db56-73ae-b31b-2b23be8cada9', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 2001, '2026-10-01', 'open', 0, 0),
	('main', '01a21bec-db5c-751a-9340-7ee077144c61', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 111755, '2027-02-01', 'open', 0, 0),
	('main', '01a21bec-db63-71df-abda-6f89c4695cf2', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 3000, NULL, 'closed', 3000, 0),
	('main', '01a21bec-db6e-7d15-9021-72920722b02a', '0190a6e2-0000-7000-8000-000000000002', 'USD', 4000, NULL, 'open', 1500, 0),
	('main', '01a21bec-db7a-7fb7-ab43-fe3b13991ede', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 4100, NULL, 'closed', 4100, 100),
	('main', '01a21bec-db90-7d92-a804-beb840be2092', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 4200, NULL, 'closed', 4200, 4200),
	('main', '01a21bec-dba3-759a-953a-ce1bf10aa8bd', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 4300, NULL, 'void', 0, 0),
	('main', '01a21bec-dbaf-7e32-91f2-5f560a8b381d', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 4400, NULL, 'open', 0, 0),
	('main', '01a21bec-dbbb-73ea-8ebc-d33f9f708795', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 4600, NULL, 'open', 0, 0),
	('main', '01a21bec-dbcd-7faf-95ec-27cbdfd92c41', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 1002, NULL, 'draft', 0, 0),
	('main', '01a21bec-dbd2-7482-b856-7afffcf6e651', '0190a6e2-0000-7000-8000-000000000001', 'CHF', 111755, '2026-12-24', 'draft', 0, 0),
	('main', '01a21bec-dbda-7938-9af6-199d98cd506b', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 2002, '2026-10-01', 'open', 0, 0),
	('main', '01a21bec-dbe2-7ea0-91f2-e0188950f926', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 111755, '2027-02-01', 'open', 0, 0),
	('main', '01a21bec-dbe8-7ac8-8b60-a147c6eb800b', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 3000, NULL, 'closed', 3000, 0),
	('main', '01a21bec-dbf4-7082-8fe4-464ca72347e1', '0190a6e2-0000-7000-8000-000000000001', 'USD', 4000, NULL, 'open', 1500, 0),
	('main', '01a21bec-dc00-7af5-b3a4-01771774fdf1', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 4100, NULL, 'closed', 4100, 100),
	('main', '01a21bec-dc13-76a1-be7a-b8c059138bf0', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 4200, NULL, 'closed', 4200, 4200),
	('main', '01a21bec-dc28-7e5f-81fa-032dabeb760a', '0190a6e2-0000-7000-8000-000000000004', 'EUR', 4300, NULL, 'void', 0, 0),
	('main', '01a21bec-dc36-7f35-8c9f-b9835bb161a2', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 4400, NULL, 'open', 0, 0),
	('main', '01a21bec-dc42-7006-a674-4c3dcfff28e9', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 4600, NULL, 'open', 0, 0),
	('main', '01a21bec-dc53-7fd4-8d11-dbcb9927a7ae', '0190a6e2-0000-7000-8000-000000000001', 'EUR', 777, NULL, 'open', 0, 0),
	('main', '01a21bec-dc5b-7f36-9acd-999a36c1c47e', '0190a6e2-0000-7000-8000-000000000002', 'EUR', 778, NULL, 'closed', 778, 0),
	('main', '01a21bec-dc68-7a65-a624-795289246d8a', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 11, NULL, 'open', 0, 0),
	('main', '01a21bec-dc68-745c-b66b-7e559ec2c359', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 13, NULL, 'open', 0, 0),
	('main', '01a21bec-dc68-7823-ae95-dbcd76921a61', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 10, NULL, 'open', 0, 0),
	('main', '01a21bec-dc68-7bb9-9d22-4ba3ec963576', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 14, NULL, 'open', 0, 0),
	('main', '01a21bec-dc68-7b20-a71b-f94de45e9fd3', '0190a6e2-0000-7000-8000-000000000003', 'EUR', 12, NULL, 'open', 0, 0);
INSERT INTO public.invoices VALUES
	('main', '0190a6e2-0000-7000-8000-000000000103', '0190a6e2-0000-7000-8000-000000000004', 3050, 'EUR', NULL, '2026-03-31', '2026-04-11 09:30:00.25+00', NULL, 0, 'open', 'unpaid', NULL, NULL, NULL, NULL, 3050, 0, 0, 0, '[]', NULL, '2026-04-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000103","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000004","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":3050,"taxAmount":0,"amount":3050,"paidAmount":0,"refundedAmount":0,"dueAmount":3050,"roundingRule":null,"dueDate":"2026-03-31","createdAt":"2026-04-11T09:30:00.250Z","issuedAt":"2026-04-11T09:30:00.250Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '0190a6e2-0000-7000-8000-000000000104', '0190a6e2-0000-7000-8000-000000000001', 4050, 'EUR', 'PO-4', NULL, '2026-05-11 09:30:00.25+00', '2026-05-12 10:00:00+00', 1, 'closed', 'paid', NULL, NULL, NULL, NULL, 4050, 0, 4050, 0, '[]', NULL, '2026-05-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000104","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-4","currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":4050,"taxAmount":0,"amount":4050,"paidAmount":4050,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-05-11T09:30:00.250Z","issuedAt":"2026-05-11T09:30:00.250Z","paidAt":"2026-05-12T10:00:00Z","voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '0190a6e2-0000-7000-8000-000000000101', '0190a6e2-0000-7000-8000-000000000002', 1050, 'EUR', 'PO-1', '2026-03-31', '2026-02-11 09:30:00.25+00', NULL, 0, 'open', 'unpaid', NULL, NULL, NULL, NULL, 1050, 0, 0, 0, '[]', NULL, '2026-02-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000101","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-1","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":1050,"taxAmount":0,"amount":1050,"paidAmount":0,"refundedAmount":0,"dueAmount":1050,"roundingRule":null,"dueDate":"2026-03-31","createdAt":"2026-02-11T09:30:00.250Z","issuedAt":"2026-02-11T09:30:00.250Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '0190a6e2-0000-7000-8000-000000000105', '0190a6e2-0000-7000-8000-000000000002', 5050, 'EUR', 'PO-5', '2026-03-31', '2026-06-11 09:30:00.25+00', NULL, 0, 'open', 'unpaid', NULL, NULL, NULL, NULL, 5050, 0, 0, 0, '[]', NULL, '2026-06-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000105","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-5","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":5050,"taxAmount":0,"amount":5050,"paidAmount":0,"refundedAmount":0,"dueAmount":5050,"roundingRule":null,"dueDate":"2026-03-31","createdAt":"2026-06-11T09:30:00.250Z","issuedAt":"2026-06-11T09:30:00.250Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '0190a6e2-0000-7000-8000-000000000102', '0190a6e2-0000-7000-8000-000000000003', 2050, 'EUR', 'PO-2', NULL, '2026-03-11 09:30:00.25+00', '2026-03-12 10:00:00+00', 1, 'closed', 'paid', NULL, NULL, NULL, NULL, 2050, 0, 2050, 0, '[]', NULL, '2026-03-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000102","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-2","currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":2050,"taxAmount":0,"amount":2050,"paidAmount":2050,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-03-11T09:30:00.250Z","issuedAt":"2026-03-11T09:30:00.250Z","paidAt":"2026-03-12T10:00:00Z","voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '0190a6e2-0000-7000-8000-000000000106', '0190a6e2-0000-7000-8000-000000000003', 6050, 'EUR', NULL, NULL, '2026-07-11 09:30:00.25+00', '2026-07-12 10:00:00+00', 1, 'closed', 'paid', NULL, NULL, NULL, NULL, 6050, 0, 6050, 0, '[]', NULL, '2026-07-11 09:30:00.25+00', NULL, NULL, DEFAULT, '{"id":"0190a6e2-0000-7000-8000-000000000106","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":6050,"taxAmount":0,"amount":6050,"paidAmount":6050,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-07-11T09:30:00.250Z","issuedAt":"2026-07-11T09:30:00.250Z","paidAt":"2026-07-12T10:00:00Z","voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-da8f-79af-95ad-2000bbb6fba6', '0190a6e2-0000-7000-8000-000000000002', 1000, 'EUR', 'PO-101', NULL, '2026-11-27 07:33:57.007852+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 1000, 0, 0, 0, '[]', NULL, NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-da8f-79af-95ad-2000bbb6fba6","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-101","currency":"EUR","state":"draft","paymentStatus":"unpaid","lines":[],"netAmount":1000,"taxAmount":0,"amount":1000,"paidAmount":0,"refundedAmount":0,"dueAmount":1000,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.007852Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-daa2-7471-bdda-429d235526d6', '0190a6e2-0000-7000-8000-000000000003', 111755, 'CHF', 'PO-102', '2026-12-24', '2026-11-27 07:33:57.026919+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 94350, 17405, 0, 0, '[{"taxRate": 1900, "quantity": "7.5", "netAmount": 90000, "taxAmount": 17100, "unitPrice": 12000, "description": "Consulting"}, {"taxRate": 700, "quantity": "1", "netAmount": 4350, "taxAmount": 305, "unitPrice": 4350, "description": "Travel"}]', 'line-half-up.v1', NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-daa2-7471-bdda-429d235526d6","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-102","currency":"CHF","state":"draft","paymentStatus":"unpaid","lines":[{"description":"Consulting","quantity":"7.5","unitPrice":12000,"taxRate":1900,"netAmount":90000,"taxAmount":17100},{"description":"Travel","quantity":"1","unitPrice":4350,"taxRate":700,"netAmount":4350,"taxAmount":305}],"netAmount":94350,"taxAmount":17405,"amount":111755,"paidAmount":0,"refundedAmount":0,"dueAmount":111755,"roundingRule":"line-half-up.v1","dueDate":"2026-12-24","createdAt":"2026-11-27T07:33:57.026919Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-daad-7677-856d-0c2c95663a34', '0190a6e2-0000-7000-8000-000000000004', 2000, 'EUR', 'PO-103', '2026-10-01', '2026-11-27 07:33:57.037182+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000001', 'INV', 2026, 1, 2000, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.037182+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-daad-7677-856d-0c2c95663a34","number":"INV-2026-000001","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-103","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":2000,"taxAmount":0,"amount":2000,"paidAmount":0,"refundedAmount":0,"dueAmount":2000,"roundingRule":null,"dueDate":"2026-10-01","createdAt":"2026-11-27T07:33:57.037182Z","issuedAt":"2026-11-27T07:33:57.037182Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dab8-76b1-bb63-95607fbbf8c2', '0190a6e2-0000-7000-8000-000000000001', 5, 'EUR', 'PO-104', NULL, '2026-11-27 07:33:57.048597+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000002', 'INV', 2026, 2, 5, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.048597+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dab8-76b1-bb63-95607fbbf8c2","number":"INV-2026-000002","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-104","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":5,"taxAmount":0,"amount":5,"paidAmount":0,"refundedAmount":0,"dueAmount":5,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.048597Z","issuedAt":"2026-11-27T07:33:57.048597Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dac7-7315-829e-31802746612a', '0190a6e2-0000-7000-8000-000000000002', 3000, 'EUR', 'PO-105', NULL, '2026-11-27 07:33:57.063739+00', '2026-11-27 07:33:57.072391+00', 2, 'closed', 'paid', 'INV-2026-000003', 'INV', 2026, 3, 3000, 0, 3000, 0, '[]', NULL, '2026-11-27 07:33:57.063739+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dac7-7315-829e-31802746612a","number":"INV-2026-000003","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-105","currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":3000,"taxAmount":0,"amount":3000,"paidAmount":3000,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.063739Z","issuedAt":"2026-11-27T07:33:57.063739Z","paidAt":"2026-11-27T07:33:57.072391Z","voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dadd-738d-92d4-e332b4ab3347', '0190a6e2-0000-7000-8000-000000000003', 4000, 'USD', 'PO-106', NULL, '2026-11-27 07:33:57.085618+00', NULL, 2, 'open', 'partially_paid', 'INV-2026-000004', 'INV', 2026, 4, 4000, 0, 1500, 0, '[]', NULL, '2026-11-27 07:33:57.085618+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dadd-738d-92d4-e332b4ab3347","number":"INV-2026-000004","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-106","currency":"USD","state":"open","paymentStatus":"partially_paid","lines":[],"netAmount":4000,"taxAmount":0,"amount":4000,"paidAmount":1500,"refundedAmount":0,"dueAmount":2500,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.085618Z","issuedAt":"2026-11-27T07:33:57.085618Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-db1a-7d50-a390-d204682967d2', '0190a6e2-0000-7000-8000-000000000002', 4300, 'EUR', 'PO-109', NULL, '2026-11-27 07:33:57.146583+00', NULL, 2, 'void', 'unpaid', 'INV-2026-000007', 'INV', 2026, 7, 4300, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.146583+00', '2026-11-27 07:33:57.151887+00', 'Sent twice', DEFAULT, '{"id":"01a21bec-db1a-7d50-a390-d204682967d2","number":"INV-2026-000007","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-109","currency":"EUR","state":"void","paymentStatus":"unpaid","lines":[],"netAmount":4300,"taxAmount":0,"amount":4300,"paidAmount":0,"refundedAmount":0,"dueAmount":4300,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.146583Z","issuedAt":"2026-11-27T07:33:57.146583Z","paidAt":null,"voidedAt":"2026-11-27T07:33:57.151887Z","voidReason":"Sent twice","revision":2}', 1, 2),
	('main', '01a21bec-db48-73f7-b5cf-93e35a0bf683', '0190a6e2-0000-7000-8000-000000000001', 1001, 'EUR', 'PO-112', NULL, '2026-11-27 07:33:57.19284+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 1001, 0, 0, 0, '[]', NULL, NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-db48-73f7-b5cf-93e35a0bf683","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-112","currency":"EUR","state":"draft","paymentStatus":"unpaid","lines":[],"netAmount":1001,"taxAmount":0,"amount":1001,"paidAmount":0,"refundedAmount":0,"dueAmount":1001,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.192840Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-db63-71df-abda-6f89c4695cf2', '0190a6e2-0000-7000-8000-000000000001', 3000, 'EUR', 'PO-116', NULL, '2026-11-27 07:33:57.219262+00', '2026-11-27 07:33:57.224565+00', 2, 'closed', 'paid', 'INV-2026-000011', 'INV', 2026, 11, 3000, 0, 3000, 0, '[]', NULL, '2026-11-27 07:33:57.219262+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db63-71df-abda-6f89c4695cf2","number":"INV-2026-000011","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-116","currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":3000,"taxAmount":0,"amount":3000,"paidAmount":3000,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.219262Z","issuedAt":"2026-11-27T07:33:57.219262Z","paidAt":"2026-11-27T07:33:57.224565Z","voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-db90-7d92-a804-beb840be2092', '0190a6e2-0000-7000-8000-000000000004', 4200, 'EUR', 'PO-119', NULL, '2026-11-27 07:33:57.264356+00', '2026-11-27 07:33:57.270637+00', 3, 'closed', 'refunded', 'INV-2026-000014', 'INV', 2026, 14, 4200, 0, 4200, 4200, '[]', NULL, '2026-11-27 07:33:57.264356+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db90-7d92-a804-beb840be2092","number":"INV-2026-000014","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-119","currency":"EUR","state":"closed","paymentStatus":"refunded","lines":[],"netAmount":4200,"taxAmount":0,"amount":4200,"paidAmount":4200,"refundedAmount":4200,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.264356Z","issuedAt":"2026-11-27T07:33:57.264356Z","paidAt":"2026-11-27T07:33:57.270637Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-dba3-759a-953a-ce1bf10aa8bd', '0190a6e2-0000-7000-8000-000000000001', 4300, 'EUR', 'PO-120', NULL, '2026-11-27 07:33:57.28347+00', NULL, 2, 'void', 'unpaid', 'INV-2026-000015', 'INV', 2026, 15, 4300, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.28347+00', '2026-11-27 07:33:57.289441+00', 'Sent twice', DEFAULT, '{"id":"01a21bec-dba3-759a-953a-ce1bf10aa8bd","number":"INV-2026-000015","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-120","currency":"EUR","state":"void","paymentStatus":"unpaid","lines":[],"netAmount":4300,"taxAmount":0,"amount":4300,"paidAmount":0,"refundedAmount":0,"dueAmount":4300,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.283470Z","issuedAt":"2026-11-27T07:33:57.283470Z","paidAt":null,"voidedAt":"2026-11-27T07:33:57.289441Z","voidReason":"Sent twice","revision":2}', 1, 2),
	('main', '01a21bec-dbbb-73ea-8ebc-d33f9f708795', '0190a6e2-0000-7000-8000-000000000003', 4600, 'EUR', 'PO-122', NULL, '2026-11-27 07:33:57.307523+00', NULL, 2, 'open', 'unpaid', 'INV-2026-000017', 'INV', 2026, 17, 4600, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.318955+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbbb-73ea-8ebc-d33f9f708795","number":"INV-2026-000017","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-122","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4600,"taxAmount":0,"amount":4600,"paidAmount":0,"refundedAmount":0,"dueAmount":4600,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.307523Z","issuedAt":"2026-11-27T07:33:57.318955Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dc36-7f35-8c9f-b9835bb161a2', '0190a6e2-0000-7000-8000-000000000001', 4400, 'EUR', 'PO-132', NULL, '2026-11-27 07:33:57.430901+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000024', 'INV', 2026, 24, 4400, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.435904+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc36-7f35-8c9f-b9835bb161a2","number":"INV-2026-000024","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-132","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4400,"taxAmount":0,"amount":4400,"paidAmount":0,"refundedAmount":0,"dueAmount":4400,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.430901Z","issuedAt":"2026-11-27T07:33:57.435904Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-daef-798a-84e5-9cc11f65f83c', '0190a6e2-0000-7000-8000-000000000004', 4100, 'EUR', 'PO-107', NULL, '2026-11-27 07:33:57.1038+00', '2026-11-27 07:33:57.111467+00', 3, 'closed', 'partially_refunded', 'INV-2026-000005', 'INV', 2026, 5, 4100, 0, 4100, 100, '[]', NULL, '2026-11-27 07:33:57.1038+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-daef-798a-84e5-9cc11f65f83c","number":"INV-2026-000005","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-107","currency":"EUR","state":"closed","paymentStatus":"partially_refunded","lines":[],"netAmount":4100,"taxAmount":0,"amount":4100,"paidAmount":4100,"refundedAmount":100,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.103800Z","issuedAt":"2026-11-27T07:33:57.103800Z","paidAt":"2026-11-27T07:33:57.111467Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-db06-7cfe-8cc5-a6c716d98e40', '0190a6e2-0000-7000-8000-000000000001', 4200, 'EUR', 'PO-108', NULL, '2026-11-27 07:33:57.126343+00', '2026-11-27 07:33:57.133871+00', 3, 'closed', 'refunded', 'INV-2026-000006', 'INV', 2026, 6, 4200, 0, 4200, 4200, '[]', NULL, '2026-11-27 07:33:57.126343+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db06-7cfe-8cc5-a6c716d98e40","number":"INV-2026-000006","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-108","currency":"EUR","state":"closed","paymentStatus":"refunded","lines":[],"netAmount":4200,"taxAmount":0,"amount":4200,"paidAmount":4200,"refundedAmount":4200,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.126343Z","issuedAt":"2026-11-27T07:33:57.126343Z","paidAt":"2026-11-27T07:33:57.133871Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-db27-7130-9763-b5edf3f4b8d9', '0190a6e2-0000-7000-8000-000000000003', 4400, 'EUR', 'PO-110', NULL, '2026-11-27 07:33:57.159523+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000008', 'INV', 2026, 8, 4400, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.165115+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db27-7130-9763-b5edf3f4b8d9","number":"INV-2026-000008","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-110","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4400,"taxAmount":0,"amount":4400,"paidAmount":0,"refundedAmount":0,"dueAmount":4400,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.159523Z","issuedAt":"2026-11-27T07:33:57.165115Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-db34-747a-836b-6f61f6d4e5f9', '0190a6e2-0000-7000-8000-000000000004', 4600, 'EUR', 'PO-111', NULL, '2026-11-27 07:33:57.172538+00', NULL, 2, 'open', 'unpaid', 'INV-2026-000009', 'INV', 2026, 9, 4600, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.184692+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db34-747a-836b-6f61f6d4e5f9","number":"INV-2026-000009","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-111","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4600,"taxAmount":0,"amount":4600,"paidAmount":0,"refundedAmount":0,"dueAmount":4600,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.172538Z","issuedAt":"2026-11-27T07:33:57.184692Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-db4f-7ced-a81c-4f830f8b9534', '0190a6e2-0000-7000-8000-000000000002', 111755, 'CHF', 'PO-113', '2026-12-24', '2026-11-27 07:33:57.19987+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 94350, 17405, 0, 0, '[{"taxRate": 1900, "quantity": "7.5", "netAmount": 90000, "taxAmount": 17100, "unitPrice": 12000, "description": "Consulting"}, {"taxRate": 700, "quantity": "1", "netAmount": 4350, "taxAmount": 305, "unitPrice": 4350, "description": "Travel"}]', 'line-half-up.v1', NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-db4f-7ced-a81c-4f830f8b9534","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-113","currency":"CHF","state":"draft","paymentStatus":"unpaid","lines":[{"description":"Consulting","quantity":"7.5","unitPrice":12000,"taxRate":1900,"netAmount":90000,"taxAmount":17100},{"description":"Travel","quantity":"1","unitPrice":4350,"taxRate":700,"netAmount":4350,"taxAmount":305}],"netAmount":94350,"taxAmount":17405,"amount":111755,"paidAmount":0,"refundedAmount":0,"dueAmount":111755,"roundingRule":"line-half-up.v1","dueDate":"2026-12-24","createdAt":"2026-11-27T07:33:57.199870Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-db56-73ae-b31b-2b23be8cada9', '0190a6e2-0000-7000-8000-000000000003', 2001, 'EUR', 'PO-114', '2026-10-01', '2026-11-27 07:33:57.20633+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000010', 'INV', 2026, 10, 2001, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.20633+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db56-73ae-b31b-2b23be8cada9","number":"INV-2026-000010","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-114","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":2001,"taxAmount":0,"amount":2001,"paidAmount":0,"refundedAmount":0,"dueAmount":2001,"roundingRule":null,"dueDate":"2026-10-01","createdAt":"2026-11-27T07:33:57.206330Z","issuedAt":"2026-11-27T07:33:57.206330Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-db5c-751a-9340-7ee077144c61', '0190a6e2-0000-7000-8000-000000000004', 111755, 'EUR', 'PO-115', '2027-02-01', '2026-11-27 07:33:57.212746+00', NULL, 1, 'open', 'unpaid', 'SHOP1-2026-000001', 'SHOP1', 2026, 1, 94350, 17405, 0, 0, '[{"taxRate": 1900, "quantity": "7.5", "netAmount": 90000, "taxAmount": 17100, "unitPrice": 12000, "description": "Consulting"}, {"taxRate": 700, "quantity": "1", "netAmount": 4350, "taxAmount": 305, "unitPrice": 4350, "description": "Travel"}]', 'line-half-up.v1', '2026-11-27 07:33:57.212746+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db5c-751a-9340-7ee077144c61","number":"SHOP1-2026-000001","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-115","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[{"description":"Consulting","quantity":"7.5","unitPrice":12000,"taxRate":1900,"netAmount":90000,"taxAmount":17100},{"description":"Travel","quantity":"1","unitPrice":4350,"taxRate":700,"netAmount":4350,"taxAmount":305}],"netAmount":94350,"taxAmount":17405,"amount":111755,"paidAmount":0,"refundedAmount":0,"dueAmount":111755,"roundingRule":"line-half-up.v1","dueDate":"2027-02-01","createdAt":"2026-11-27T07:33:57.212746Z","issuedAt":"2026-11-27T07:33:57.212746Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-db6e-7d15-9021-72920722b02a', '0190a6e2-0000-7000-8000-000000000002', 4000, 'USD', 'PO-117', NULL, '2026-11-27 07:33:57.230583+00', NULL, 2, 'open', 'partially_paid', 'INV-2026-000012', 'INV', 2026, 12, 4000, 0, 1500, 0, '[]', NULL, '2026-11-27 07:33:57.230583+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db6e-7d15-9021-72920722b02a","number":"INV-2026-000012","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-117","currency":"USD","state":"open","paymentStatus":"partially_paid","lines":[],"netAmount":4000,"taxAmount":0,"amount":4000,"paidAmount":1500,"refundedAmount":0,"dueAmount":2500,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.230583Z","issuedAt":"2026-11-27T07:33:57.230583Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dbaf-7e32-91f2-5f560a8b381d', '0190a6e2-0000-7000-8000-000000000002', 4400, 'EUR', 'PO-121', NULL, '2026-11-27 07:33:57.295674+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000016', 'INV', 2026, 16, 4400, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.300961+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbaf-7e32-91f2-5f560a8b381d","number":"INV-2026-000016","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-121","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4400,"taxAmount":0,"amount":4400,"paidAmount":0,"refundedAmount":0,"dueAmount":4400,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.295674Z","issuedAt":"2026-11-27T07:33:57.300961Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dbd2-7482-b856-7afffcf6e651', '0190a6e2-0000-7000-8000-000000000001', 111755, 'CHF', 'PO-124', '2026-12-24', '2026-11-27 07:33:57.330816+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 94350, 17405, 0, 0, '[{"taxRate": 1900, "quantity": "7.5", "netAmount": 90000, "taxAmount": 17100, "unitPrice": 12000, "description": "Consulting"}, {"taxRate": 700, "quantity": "1", "netAmount": 4350, "taxAmount": 305, "unitPrice": 4350, "description": "Travel"}]', 'line-half-up.v1', NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-dbd2-7482-b856-7afffcf6e651","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-124","currency":"CHF","state":"draft","paymentStatus":"unpaid","lines":[{"description":"Consulting","quantity":"7.5","unitPrice":12000,"taxRate":1900,"netAmount":90000,"taxAmount":17100},{"description":"Travel","quantity":"1","unitPrice":4350,"taxRate":700,"netAmount":4350,"taxAmount":305}],"netAmount":94350,"taxAmount":17405,"amount":111755,"paidAmount":0,"refundedAmount":0,"dueAmount":111755,"roundingRule":"line-half-up.v1","dueDate":"2026-12-24","createdAt":"2026-11-27T07:33:57.330816Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-dbda-7938-9af6-199d98cd506b', '0190a6e2-0000-7000-8000-000000000002', 2002, 'EUR', 'PO-125', '2026-10-01', '2026-11-27 07:33:57.33841+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000018', 'INV', 2026, 18, 2002, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.33841+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbda-7938-9af6-199d98cd506b","number":"INV-2026-000018","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-125","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":2002,"taxAmount":0,"amount":2002,"paidAmount":0,"refundedAmount":0,"dueAmount":2002,"roundingRule":null,"dueDate":"2026-10-01","createdAt":"2026-11-27T07:33:57.338410Z","issuedAt":"2026-11-27T07:33:57.338410Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-db7a-7fb7-ab43-fe3b13991ede', '0190a6e2-0000-7000-8000-000000000003', 4100, 'EUR', 'PO-118', NULL, '2026-11-27 07:33:57.242864+00', '2026-11-27 07:33:57.24962+00', 3, 'closed', 'partially_refunded', 'INV-2026-000013', 'INV', 2026, 13, 4100, 0, 4100, 100, '[]', NULL, '2026-11-27 07:33:57.242864+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-db7a-7fb7-ab43-fe3b13991ede","number":"INV-2026-000013","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-118","currency":"EUR","state":"closed","paymentStatus":"partially_refunded","lines":[],"netAmount":4100,"taxAmount":0,"amount":4100,"paidAmount":4100,"refundedAmount":100,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.242864Z","issuedAt":"2026-11-27T07:33:57.242864Z","paidAt":"2026-11-27T07:33:57.249620Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-dbcd-7faf-95ec-27cbdfd92c41', '0190a6e2-0000-7000-8000-000000000004', 1002, 'EUR', 'PO-123', NULL, '2026-11-27 07:33:57.325918+00', NULL, 0, 'draft', 'unpaid', NULL, NULL, NULL, NULL, 1002, 0, 0, 0, '[]', NULL, NULL, NULL, NULL, DEFAULT, '{"id":"01a21bec-dbcd-7faf-95ec-27cbdfd92c41","number":null,"customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-123","currency":"EUR","state":"draft","paymentStatus":"unpaid","lines":[],"netAmount":1002,"taxAmount":0,"amount":1002,"paidAmount":0,"refundedAmount":0,"dueAmount":1002,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.325918Z","issuedAt":null,"paidAt":null,"voidedAt":null,"voidReason":null,"revision":0}', 1, 0),
	('main', '01a21bec-dbe2-7ea0-91f2-e0188950f926', '0190a6e2-0000-7000-8000-000000000003', 111755, 'EUR', 'PO-126', '2027-02-01', '2026-11-27 07:33:57.346861+00', NULL, 1, 'open', 'unpaid', 'SHOP1-2026-000002', 'SHOP1', 2026, 2, 94350, 17405, 0, 0, '[{"taxRate": 1900, "quantity": "7.5", "netAmount": 90000, "taxAmount": 17100, "unitPrice": 12000, "description": "Consulting"}, {"taxRate": 700, "quantity": "1", "netAmount": 4350, "taxAmount": 305, "unitPrice": 4350, "description": "Travel"}]', 'line-half-up.v1', '2026-11-27 07:33:57.346861+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbe2-7ea0-91f2-e0188950f926","number":"SHOP1-2026-000002","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-126","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[{"description":"Consulting","quantity":"7.5","unitPrice":12000,"taxRate":1900,"netAmount":90000,"taxAmount":17100},{"description":"Travel","quantity":"1","unitPrice":4350,"taxRate":700,"netAmount":4350,"taxAmount":305}],"netAmount":94350,"taxAmount":17405,"amount":111755,"paidAmount":0,"refundedAmount":0,"dueAmount":111755,"roundingRule":"line-half-up.v1","dueDate":"2027-02-01","createdAt":"2026-11-27T07:33:57.346861Z","issuedAt":"2026-11-27T07:33:57.346861Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dbf4-7082-8fe4-464ca72347e1', '0190a6e2-0000-7000-8000-000000000001', 4000, 'USD', 'PO-128', NULL, '2026-11-27 07:33:57.364456+00', NULL, 2, 'open', 'partially_paid', 'INV-2026-000020', 'INV', 2026, 20, 4000, 0, 1500, 0, '[]', NULL, '2026-11-27 07:33:57.364456+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbf4-7082-8fe4-464ca72347e1","number":"INV-2026-000020","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":"PO-128","currency":"USD","state":"open","paymentStatus":"partially_paid","lines":[],"netAmount":4000,"taxAmount":0,"amount":4000,"paidAmount":1500,"refundedAmount":0,"dueAmount":2500,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.364456Z","issuedAt":"2026-11-27T07:33:57.364456Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dc13-76a1-be7a-b8c059138bf0', '0190a6e2-0000-7000-8000-000000000003', 4200, 'EUR', 'PO-130', NULL, '2026-11-27 07:33:57.395734+00', '2026-11-27 07:33:57.40258+00', 3, 'closed', 'refunded', 'INV-2026-000022', 'INV', 2026, 22, 4200, 0, 4200, 4200, '[]', NULL, '2026-11-27 07:33:57.395734+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc13-76a1-be7a-b8c059138bf0","number":"INV-2026-000022","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":"PO-130","currency":"EUR","state":"closed","paymentStatus":"refunded","lines":[],"netAmount":4200,"taxAmount":0,"amount":4200,"paidAmount":4200,"refundedAmount":4200,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.395734Z","issuedAt":"2026-11-27T07:33:57.395734Z","paidAt":"2026-11-27T07:33:57.402580Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-dbe8-7ac8-8b60-a147c6eb800b', '0190a6e2-0000-7000-8000-000000000004', 3000, 'EUR', 'PO-127', NULL, '2026-11-27 07:33:57.352834+00', '2026-11-27 07:33:57.358268+00', 2, 'closed', 'paid', 'INV-2026-000019', 'INV', 2026, 19, 3000, 0, 3000, 0, '[]', NULL, '2026-11-27 07:33:57.352834+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dbe8-7ac8-8b60-a147c6eb800b","number":"INV-2026-000019","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-127","currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":3000,"taxAmount":0,"amount":3000,"paidAmount":3000,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.352834Z","issuedAt":"2026-11-27T07:33:57.352834Z","paidAt":"2026-11-27T07:33:57.358268Z","voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dc00-7af5-b3a4-01771774fdf1', '0190a6e2-0000-7000-8000-000000000002', 4100, 'EUR', 'PO-129', NULL, '2026-11-27 07:33:57.376861+00', '2026-11-27 07:33:57.382416+00', 3, 'closed', 'partially_refunded', 'INV-2026-000021', 'INV', 2026, 21, 4100, 0, 4100, 100, '[]', NULL, '2026-11-27 07:33:57.376861+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc00-7af5-b3a4-01771774fdf1","number":"INV-2026-000021","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-129","currency":"EUR","state":"closed","paymentStatus":"partially_refunded","lines":[],"netAmount":4100,"taxAmount":0,"amount":4100,"paidAmount":4100,"refundedAmount":100,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.376861Z","issuedAt":"2026-11-27T07:33:57.376861Z","paidAt":"2026-11-27T07:33:57.382416Z","voidedAt":null,"voidReason":null,"revision":3}', 1, 3),
	('main', '01a21bec-dc28-7e5f-81fa-032dabeb760a', '0190a6e2-0000-7000-8000-000000000004', 4300, 'EUR', 'PO-131', NULL, '2026-11-27 07:33:57.416814+00', NULL, 2, 'void', 'unpaid', 'INV-2026-000023', 'INV', 2026, 23, 4300, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.416814+00', '2026-11-27 07:33:57.424118+00', 'Sent twice', DEFAULT, '{"id":"01a21bec-dc28-7e5f-81fa-032dabeb760a","number":"INV-2026-000023","customerId":"0190a6e2-0000-7000-8000-000000000004","reference":"PO-131","currency":"EUR","state":"void","paymentStatus":"unpaid","lines":[],"netAmount":4300,"taxAmount":0,"amount":4300,"paidAmount":0,"refundedAmount":0,"dueAmount":4300,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.416814Z","issuedAt":"2026-11-27T07:33:57.416814Z","paidAt":null,"voidedAt":"2026-11-27T07:33:57.424118Z","voidReason":"Sent twice","revision":2}', 1, 2),
	('main', '01a21bec-dc42-7006-a674-4c3dcfff28e9', '0190a6e2-0000-7000-8000-000000000002', 4600, 'EUR', 'PO-133', NULL, '2026-11-27 07:33:57.442092+00', NULL, 2, 'open', 'unpaid', 'INV-2026-000025', 'INV', 2026, 25, 4600, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.453614+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc42-7006-a674-4c3dcfff28e9","number":"INV-2026-000025","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":"PO-133","currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":4600,"taxAmount":0,"amount":4600,"paidAmount":0,"refundedAmount":0,"dueAmount":4600,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.442092Z","issuedAt":"2026-11-27T07:33:57.453614Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":2}', 1, 2),
	('main', '01a21bec-dc53-7fd4-8d11-dbcb9927a7ae', '0190a6e2-0000-7000-8000-000000000001', 777, 'EUR', NULL, NULL, '2026-11-27 07:33:57.459938+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000026', 'INV', 2026, 26, 777, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.459938+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc53-7fd4-8d11-dbcb9927a7ae","number":"INV-2026-000026","customerId":"0190a6e2-0000-7000-8000-000000000001","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":777,"taxAmount":0,"amount":777,"paidAmount":0,"refundedAmount":0,"dueAmount":777,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.459938Z","issuedAt":"2026-11-27T07:33:57.459938Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc68-7b20-a71b-f94de45e9fd3', '0190a6e2-0000-7000-8000-000000000003', 12, 'EUR', NULL, NULL, '2026-11-27 07:33:57.480761+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000030', 'INV', 2026, 30, 12, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.480761+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc68-7b20-a71b-f94de45e9fd3","number":"INV-2026-000030","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":12,"taxAmount":0,"amount":12,"paidAmount":0,"refundedAmount":0,"dueAmount":12,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.480761Z","issuedAt":"2026-11-27T07:33:57.480761Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc68-7a65-a624-795289246d8a', '0190a6e2-0000-7000-8000-000000000003', 11, 'EUR', NULL, NULL, '2026-11-27 07:33:57.480761+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000029', 'INV', 2026, 29, 11, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.480761+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc68-7a65-a624-795289246d8a","number":"INV-2026-000029","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":11,"taxAmount":0,"amount":11,"paidAmount":0,"refundedAmount":0,"dueAmount":11,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.480761Z","issuedAt":"2026-11-27T07:33:57.480761Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc68-745c-b66b-7e559ec2c359', '0190a6e2-0000-7000-8000-000000000003', 13, 'EUR', NULL, NULL, '2026-11-27 07:33:57.480761+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000031', 'INV', 2026, 31, 13, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.480761+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc68-745c-b66b-7e559ec2c359","number":"INV-2026-000031","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":13,"taxAmount":0,"amount":13,"paidAmount":0,"refundedAmount":0,"dueAmount":13,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.480761Z","issuedAt":"2026-11-27T07:33:57.480761Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc68-7823-ae95-dbcd76921a61', '0190a6e2-0000-7000-8000-000000000003', 10, 'EUR', NULL, NULL, '2026-11-27 07:33:57.480761+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000028', 'INV', 2026, 28, 10, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.480761+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc68-7823-ae95-dbcd76921a61","number":"INV-2026-000028","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":10,"taxAmount":0,"amount":10,"paidAmount":0,"refundedAmount":0,"dueAmount":10,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.480761Z","issuedAt":"2026-11-27T07:33:57.480761Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc68-7bb9-9d22-4ba3ec963576', '0190a6e2-0000-7000-8000-000000000003', 14, 'EUR', NULL, NULL, '2026-11-27 07:33:57.480761+00', NULL, 1, 'open', 'unpaid', 'INV-2026-000032', 'INV', 2026, 32, 14, 0, 0, 0, '[]', NULL, '2026-11-27 07:33:57.480761+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc68-7bb9-9d22-4ba3ec963576","number":"INV-2026-000032","customerId":"0190a6e2-0000-7000-8000-000000000003","reference":null,"currency":"EUR","state":"open","paymentStatus":"unpaid","lines":[],"netAmount":14,"taxAmount":0,"amount":14,"paidAmount":0,"refundedAmount":0,"dueAmount":14,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.480761Z","issuedAt":"2026-11-27T07:33:57.480761Z","paidAt":null,"voidedAt":null,"voidReason":null,"revision":1}', 1, 1),
	('main', '01a21bec-dc5b-7f36-9acd-999a36c1c47e', '0190a6e2-0000-7000-8000-000000000002', 778, 'EUR', NULL, NULL, '2026-11-27 07:33:57.467939+00', '2026-11-27 07:33:57.473904+00', 2, 'closed', 'paid', 'INV-2026-000027', 'INV', 2026, 27, 778, 0, 778, 0, '[]', NULL, '2026-11-27 07:33:57.467939+00', NULL, NULL, DEFAULT, '{"id":"01a21bec-dc5b-7f36-9acd-999a36c1c47e","number":"INV-2026-000027","customerId":"0190a6e2-0000-7000-8000-000000000002","reference":null,"currency":"EUR","state":"closed","paymentStatus":"paid","lines":[],"netAmount":778,"taxAmount":0,"amount":778,"paidAmount":778,"refundedAmount":0,"dueAmount":0,"roundingRule":null,"dueDate":null,"createdAt":"2026-11-27T07:33:57.467939Z","issuedAt":"2026-11-27T07:33:57.467939Z","paidAt":"2026-11-27T07:33:57.473904Z","voidedAt":null,"voidReason":null,"revision":2}', 1, 2);
INSERT INTO public.owners VALUES
	('projection/customer-statements/0', 1315383098664754441, 'vm, process 15137', 15243, '2026-11-27 07:33:10.357502+00', '2026-11-27 07:33:10.366288+00', '2026-11-27 07:34:08.855705+00'),
	('projection/invoices/0', -828109521210974236, 'vm, process 15137', 15243, '2026-11-27 07:33:10.357502+00', '2026-11-27 07:33:10.366528+00', '2026-11-27 07:34:08.855741+00');
INSERT INTO public.projections VALUES
	('invoices', 1, 1, NULL, NULL),
	('customer-statements', 1, 1, NULL, NULL);
INSERT INTO public.schema_migrations VALUES
	(1, 'checkpoints', '0937df438da10793a348315e250f6108e646cbb32dac32996301ea350cb188e7', '2026-11-27 07:33:10.195663+00', 2),
	(2, 'invoices', '925fe1707212d4b5279aa86bd63011188f659bbf07505d65c76654deec2bb9c5', '2026-11-27 07:33:10.198512+00', 3),
	(3, 'projections', 'c805c412737e36c4f59d97eddb6e0d225c2af6e340b496a6f46de9f52fb8ea44', '2026-11-27 07:33:10.201547+00', 5),
	(4, 'owners', 'dade4c30bb16e80d18b8f115bedeeb81b0f3bcd3be963dc0f1bcb2db7039daaa', '2026-11-27 07:33:10.207721+00', 5),
	(5, 'customer_statements', 'f14bfcfa2c730e115cba09e76df100ef2f5b4f5bd88ebaee08ee8f6ab999f48f', '2026-11-27 07:33:10.212822+00', 3),
	(6, 'invoice_documents', '0ba732364bfcf4a3e77af1cc90683fb8eb7d8a80286a2a413a410a3cb36ba6c9', '2026-11-27 07:33:10.215851+00', 5),
	(7, 'invoice_lists', '456d56027bc15f578f4e469da248280e8b04b878f947a28f7a54c4a1d1705c13', '2026-11-27 07:33:10.222261+00', 5),
	(8, 'kept_documents', '3104a7d7624bfa2758b6fd6f6d90351a1356ea3a49747883ede3eac25d643e8d', '2026-11-27 07:33:10.229241+00', 1);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (projection, partition);
ALTER TABLE ONLY public.customer_statement_invoices
    ADD CONSTRAINT customer_statement_invoices_pkey PRIMARY KEY (tenant, invoice_id);
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (tenant, id);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_lock_key_key UNIQUE (lock_key);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_pkey PRIMARY KEY (resource);
ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (projection, "position");
ALTER TABLE ONLY public.projections
    ADD CONSTRAINT projections_pkey PRIMARY KEY (projection);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
CREATE INDEX customer_statements ON public.customer_statement_invoices USING btree (tenant, customer_id, currency) INCLUDE (state, amount, paid_amount, refunded_amount, due_date);
CREATE INDEX invoices_by_amount ON public.invoices USING btree (tenant, amount, id);
CREATE INDEX invoices_by_due_date ON public.invoices USING btree (tenant, due_date, id);
CREATE INDEX invoices_by_issue ON public.invoices USING btree (tenant, issued_at, id);
CREATE INDEX invoices_by_number ON public.invoices USING btree (tenant, series, number_year, number_in_year, id);
CREATE INDEX invoices_in_state ON public.invoices USING btree (tenant, state, created_at, id);
CREATE INDEX invoices_newest_first ON public.invoices USING btree (tenant, created_at DESC, id DESC);
CREATE INDEX invoices_of_customer ON public.invoices USING btree (tenant, customer_id, created_at, id);
CREATE INDEX overdue_invoices ON public.invoices USING btree (tenant, due_date, id) WHERE ((state = 'open'::text) AND (due_amount > 0));
CREATE INDEX parked_streams ON public.parked_events USING btree (projection, stream, "position") WHERE (skipped_at IS NULL);
