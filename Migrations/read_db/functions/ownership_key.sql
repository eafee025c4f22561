-- The number of the session lock that stands for a resource.
create or replace function ownership_key(resource text) returns bigint language sql immutable
return hashtextextended('ownership of ' || resource, 0);
