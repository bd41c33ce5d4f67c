-- Least-privilege roles for pmsync. Run it in pmsync's database, as a superuser or as the administrator of a managed one,
-- before the first `./pmsync migrate` and again after it and after each upgrade; doing it twice changes nothing:
--   psql "$ADMIN_URL" --set ON_ERROR_STOP=1 --file deploy/database-role.sql
-- It makes no passwords. Give each role that somebody signs in with one of its own: psql's \password pmsync_app
-- (and: alter role pmsync_app login).
--
--   pmsync_owner    owns the tables: `./pmsync migrate`, and nothing else
--   pmsync_app      start, sync, requeue, compare, delete …: reads and writes rows, changes no table
--   pmsync_reader   reads the mirrored tables, the ledger and the issues: reports, support. Personal data included
--   pmsync_analyst  the same without names, contacts, documents, free texts and staff
--
-- All of a system's processes (scheduler, workers, console) share pmsync_app: each of them opens runs, lands records and
-- writes the audit log. What an operator may do in the console is decided there, by its two passwords.

do $$
declare name text;
begin
  foreach name in array array['pmsync_owner', 'pmsync_app', 'pmsync_reader', 'pmsync_analyst'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin nosuperuser nocreatedb nocreaterole noreplication', name);
    end if;
    execute format('revoke all on database %I from %I', current_database(), name);
    execute format('grant connect on database %I to %I', current_database(), name);
  end loop;
  -- Whoever is here by being in the cluster has no business in this database.
  execute format('revoke all on database %I from public', current_database());
  execute format('grant create on database %I to pmsync_owner', current_database());
  -- Not every administrator of a managed server may act for a role he has made.
  if not pg_has_role(current_user, 'pmsync_owner', 'member') then
    execute format('grant pmsync_owner to %I', current_user);
  end if;
end $$;

-- What has been made before belongs to the owner from now on.
create schema if not exists bullmq authorization pmsync_owner;
revoke all on schema public from public;
grant usage, create on schema public to pmsync_owner;
do $$
declare thing record;
begin
  for thing in select nspname as name from pg_namespace where nspname in ('bullmq', 'hotel') loop
    execute format('alter schema %I owner to pmsync_owner', thing.name);
  end loop;
  for thing in
    select n.nspname as space, c.relname as name,
      case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'bullmq', 'hotel') and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relowner <> 'pmsync_owner'::regrole
      -- A sequence of a column goes with its table; what belongs to an extension stays with it.
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i', 'e') and c.relkind = 'S')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  loop
    execute format('alter %s %I.%I owner to pmsync_owner', thing.kind, thing.space, thing.name);
  end loop;
  for thing in
    select p.oid::regprocedure as name, case p.prokind when 'p' then 'procedure' else 'function' end as kind
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'bullmq', 'hotel') and p.proowner <> 'pmsync_owner'::regrole
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('alter %s %s owner to pmsync_owner', thing.kind, thing.name);
  end loop;
  for thing in
    select t.oid::regtype as name from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where n.nspname in ('public', 'bullmq', 'hotel') and t.typtype in ('e', 'd') and t.typowner <> 'pmsync_owner'::regrole
      and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
  loop
    execute format('alter type %s owner to pmsync_owner', thing.name);
  end loop;
end $$;

-- The queue in PostgreSQL makes a sequence for each queue and gathers batches in temporary tables. With REDIS_URL set nobody
-- needs these two: revoke create on schema bullmq from pmsync_app; revoke temporary on database … from pmsync_app.
grant create on schema bullmq to pmsync_app;
do $$ begin execute format('grant temporary on database %I to pmsync_app', current_database()); end $$;

-- pmsync_app: rows of every table, also of those that later migrations make. No truncate, no trigger, no new table.
alter default privileges for role pmsync_owner grant usage on schemas to pmsync_app;
alter default privileges for role pmsync_owner grant select, insert, update, delete on tables to pmsync_app;
alter default privileges for role pmsync_owner grant usage, select on sequences to pmsync_app;
do $$
declare thing record;
begin
  for thing in select nspname as name from pg_namespace where nspname in ('public', 'bullmq', 'hotel') loop
    execute format('grant usage on schema %I to pmsync_app', thing.name);
    execute format('grant select, insert, update, delete on all tables in schema %I to pmsync_app', thing.name);
    execute format('grant usage, select on all sequences in schema %I to pmsync_app', thing.name);
  end loop;
  -- What has been done stays written down, and which migrations there were is the owner's to say.
  for thing in select tablename as name from pg_tables
    where schemaname = 'public' and tablename in ('audit_log', 'kysely_migration', 'kysely_migration_lock') loop
    execute format('revoke update, delete on public.%I from pmsync_app', thing.name);
    if thing.name <> 'audit_log' then execute format('revoke insert on public.%I from pmsync_app', thing.name); end if;
  end loop;
end $$;

-- The readers: only what is named here, so nothing new is theirs by itself. No landing, no sessions of vendors, no queue.
grant usage on schema public to pmsync_reader, pmsync_analyst;
do $$
declare
  mirrored constant text[] := array['clients', 'bookings', 'rooms', 'cars', 'departments', 'stores', 'categories', 'product_groups',
    'products', 'product_modifiers', 'receipts', 'receipt_items', 'receipt_payments', 'sales'];
  ledger constant text[] := array['sync_log', 'sync_issues', 'external_refs'];
  personal constant text[] := array['first_name', 'last_name', 'middle_name', 'phone', 'email', 'birthday', 'address', 'comment',
    'client_comment', 'document_type', 'document_series', 'document_number', 'document_issued_at', 'document_issued_by',
    'document_valid_until', 'waiter', 'cashier', 'additional_info', 'details', 'message', 'error'];
  thing record;
begin
  for thing in
    select t.table_name as name, string_agg(quote_ident(c.column_name), ', ')
      filter (where c.column_name <> all (personal)) as harmless
    from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
    where t.table_schema = 'public' and t.table_name = any (mirrored || ledger) group by t.table_name
  loop
    execute format('revoke all on public.%I from pmsync_reader, pmsync_analyst', thing.name);
    execute format('grant select on public.%I to pmsync_reader', thing.name);
    execute format('grant select (%s) on public.%I to pmsync_analyst', thing.harmless, thing.name);
  end loop;
end $$;
alter role pmsync_reader set default_transaction_read_only = on;
alter role pmsync_analyst set default_transaction_read_only = on;
