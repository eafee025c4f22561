-- A webhook receives events of invoices alone. One that was to receive every event of the log, with the notices that the
-- service keeps for itself, receives all of invoices from now on.

update event_store.subscriptions s
set types = null, type_prefixes = '{invoices.}'
from event_store.webhooks w
where s.tenant = w.tenant and s.name = 'webhook.' || w.id and '*' = any (w.types);

update event_store.webhooks set types = '{invoices.*}', revision = revision + 1 where '*' = any (types);
