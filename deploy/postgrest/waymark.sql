-- Waymark's tables for PostgREST and Supabase. PostgreSQL 15 or newer: the views below look with the eyes of whoever asks
-- (security_invoker), which older ones cannot.
--
--   psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file waymark.sql        plain PostgREST, as the owner of the database
--   or paste it into the SQL editor of Supabase
--
-- It can be run again: what is there stays.
--
-- Tokens. Each phone has a JSON Web Token of its own, signed with the secret that PostgREST is started with (`jwt-secret`;
-- of Supabase: Settings, API, JWT secret). Its claims say who that is:
--
--   { "role": "waymark_user",                  on Supabase: "authenticated"
--     "exp": 1798761600,                       when it ends, seconds since 1970
--     "waymark": { "org": "acme", "user": "idriss", "device": "d1", "role": "traveller", "areas": ["East"] } }
--
-- "role" in "waymark" is traveller, reporter, manager, security or central; no areas means everywhere. A user of Supabase's
-- own sign-in has the same under app_metadata: {"waymark": {...}}, set with the service key. To sign one with Node.js:
--
--   node -e 'const c=require("crypto"),b=x=>Buffer.from(x).toString("base64url"),[,s,p]=process.argv;
--     const t=b(`{"alg":"HS256","typ":"JWT"}`)+"."+b(p);
--     console.log(t+"."+c.createHmac("sha256",s).update(t).digest("base64url"))' "$SECRET" "$CLAIMS"
--
-- PostgREST: db-schemas = "public", db-anon-role = a role that may nothing, and a role to connect as to which
-- waymark_user is granted. A token cannot be called back before it ends: change the secret, or let it end soon.
--
-- After a restore from a backup, say that a new life begins, so that phones send again what is missing:
--
--   update public.waymark_life set life = gen_random_uuid();

begin;

create schema if not exists waymark_private;
revoke all on schema waymark_private from public;

do $$
begin
  if not exists (select from pg_roles where rolname = 'waymark_user') then
    create role waymark_user nologin;
  end if;
end $$;

-- What the database holds ----------------------------------------------------------------------------------------------

create table if not exists public.waymark_life (
  only_one boolean primary key default true check (only_one),
  life uuid not null default gen_random_uuid()
);
insert into public.waymark_life default values on conflict do nothing;

create table if not exists public.waymark_records (
  -- What a phone sends.
  id uuid primary key,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  author_name text not null check (length(author_name) <= 200),
  sent timestamptz,
  event jsonb not null check (pg_column_size(event) <= 131072),
  -- What follows from it, filled in by the trigger; whatever a phone says of these is not kept.
  org text not null,
  source text not null,
  kind text not null,
  author text not null,
  about uuid,
  movement uuid,
  refs uuid[] not null,
  addressee text,
  for_staff boolean not null,
  protected boolean not null,
  areas text[] not null,
  seq bigint not null,
  received timestamptz not null,
  unique (org, seq)
);
create index if not exists waymark_records_about on public.waymark_records (org, about);
create index if not exists waymark_records_movement on public.waymark_records (org, movement);
create index if not exists waymark_records_refs on public.waymark_records using gin (refs);

-- The same id with another digest: kept, and in no feed.
create table if not exists waymark_private.conflicts (
  id uuid not null,
  digest text not null,
  author_name text not null,
  event jsonb not null,
  received timestamptz not null default now(),
  primary key (id, digest)
);

-- The place of the last record in each organisation's feed. Its row is locked until the transaction ends, so that the order
-- of places is the order in which records can be seen: with a sequence, a reader could pass one that is not yet there.
create table if not exists waymark_private.counters (org text primary key, last bigint not null);

-- Whom the plans of a movement name.
create table if not exists waymark_private.crew (
  org text not null,
  movement uuid not null,
  member text not null,
  primary key (org, movement, member)
);

-- Who asks ---------------------------------------------------------------------------------------------------------------

create or replace function waymark_private.claims() returns jsonb language sql stable as $$
  select coalesce(all_of.them -> 'waymark', all_of.them -> 'app_metadata' -> 'waymark', '{}'::jsonb)
  from (select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb as them) as all_of
$$;

create or replace function waymark_private.claim(name text) returns text language sql stable as $$
  select waymark_private.claims() ->> name
$$;

create or replace function waymark_private.claimed_areas() returns text[] language sql stable as $$
  select coalesce(array_agg(area), '{}') from jsonb_array_elements_text(
    case jsonb_typeof(waymark_private.claims() -> 'areas')
      when 'array' then waymark_private.claims() -> 'areas' else '[]'::jsonb end) as area
$$;

-- Taking in ------------------------------------------------------------------------------------------------------------

-- The triggers make a plan for each question: one that was made while the tables had hardly anything in them would be kept
-- while they fill, and go through all records for each that comes.

create or replace function waymark_private.as_uuid(written text) returns uuid language sql immutable as $$
  select case when written ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then written::uuid end
$$;

-- Two lists of areas as one. An empty one means everywhere, and so does it with whatever else.
create or replace function waymark_private.either(one text[], other text[]) returns text[] language sql immutable as $$
  select case when one = '{}' or other = '{}' then '{}'
    else (select array_agg(distinct area) from unnest(one || other) as area) end
$$;

create or replace function waymark_private.next_place(of_org text) returns bigint language sql volatile as $$
  insert into waymark_private.counters as counter (org, last) values (of_org, 1)
  on conflict (org) do update set last = counter.last + 1 returning last
$$;

create or replace function waymark_private.take_in() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  data jsonb := coalesce(new.event -> 'data', '{}'::jsonb);
  subject text := new.event ->> 'subject';
  held text;
begin
  new.org := waymark_private.claim('org');
  if new.org is null then
    raise exception 'the token names no organisation' using errcode = 'insufficient_privilege';
  end if;
  if new.event ->> 'id' is distinct from new.id::text or new.event ->> 'digest' is distinct from new.digest then
    raise exception 'the row is not that of the event' using errcode = 'P0001';
  end if;
  new.source := coalesce(new.event ->> 'source', '');
  new.author := coalesce(new.event ->> 'author', '');
  new.kind := coalesce(new.event ->> 'type', '');
  if new.source <> format('/orgs/%s/devices/%s', new.org, waymark_private.claim('device'))
     or new.author is distinct from waymark_private.claim('user') then
    raise exception 'a device sends only what its user wrote on it' using errcode = 'P0001';
  end if;

  -- From here on one after the other within an organisation, until the transaction ends.
  new.seq := waymark_private.next_place(new.org);
  select record.digest into held from public.waymark_records as record where record.id = new.id;
  if held is not null then
    if held <> new.digest then
      insert into waymark_private.conflicts (id, digest, author_name, event)
      values (new.id, new.digest, new.author_name, new.event) on conflict do nothing;
    end if;
    return null;
  end if;

  new.received := clock_timestamp();
  new.about := coalesce(
    waymark_private.as_uuid(data ->> 'record'),
    waymark_private.as_uuid(substring(subject from '^records/(.*)$')));
  if new.about = new.id then
    new.about := null;
  end if;
  new.movement := case
    when new.kind like 'org.waymark.movement.planned.%' then new.id
    else coalesce(
      waymark_private.as_uuid(data ->> 'movement'),
      waymark_private.as_uuid(substring(subject from '^movements/(.*)$'))) end;
  select coalesce(array_agg(distinct ref) filter (where ref <> new.id), '{}') into new.refs
  from unnest(array[
    new.about, waymark_private.as_uuid(data ->> 'of'), waymark_private.as_uuid(data ->> 'from'),
    waymark_private.as_uuid(data ->> 'to')]) as ref where ref is not null;
  new.addressee := case when new.kind like 'org.waymark.action.opened.%' then data -> 'owner' ->> 'user' end;
  new.for_staff := new.kind like 'org.waymark.guidance.noted.%' or new.kind like 'org.waymark.plan.staffed.%';

  new.areas := waymark_private.claimed_areas();
  if new.for_staff and data ? 'area' and (new.areas = '{}' or data ->> 'area' = any (new.areas)) then
    new.areas := array[data ->> 'area'];
  else
    select coalesce(waymark_private.either(new.areas, other.areas), new.areas) into new.areas
    from (select 1) as one left join public.waymark_records as other on other.org = new.org and other.id = new.about;
    select coalesce(waymark_private.either(new.areas, plan.areas), new.areas) into new.areas
    from (select 1) as one left join public.waymark_records as plan
      on plan.org = new.org and plan.id = new.movement and plan.id <> new.id;
  end if;
  new.protected := coalesce(new.event -> 'protected', 'false') <> 'false' or exists (
    select from public.waymark_records as other
    where other.org = new.org and other.id = any (new.refs) and other.protected);
  return new;
end $$;

-- What came before something that it belongs to: it is protected with it, seen where that is seen, and comes again at the
-- end of the feed for those who may see it only now.
create or replace function waymark_private.settle_in() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  earlier record;
  named integer := 0;
begin
  if new.protected then
    with recursive touched (id) as (
      select record.id from public.waymark_records as record where record.org = new.org and record.refs @> array[new.id]
      union
      select record.id from public.waymark_records as record join touched on record.refs @> array[touched.id]
      where record.org = new.org)
    update public.waymark_records as record set protected = true from touched
    where record.id = touched.id and not record.protected;
  end if;
  if new.kind like 'org.waymark.movement.planned.%' or new.kind like 'org.waymark.movement.revised.%' then
    insert into waymark_private.crew (org, movement, member)
    select distinct new.org, new.movement, member #>> '{}'
    from jsonb_path_query(new.event, 'strict $.data.**.user') as member
    where new.movement is not null and jsonb_typeof(member) = 'string'
    on conflict do nothing;
    get diagnostics named = row_count;
  end if;
  for earlier in
    select record.id from public.waymark_records as record
    where record.org = new.org and record.id <> new.id
      and (record.about = new.id or record.movement = new.movement and (named > 0 or new.id = new.movement))
    order by record.seq
  loop
    update public.waymark_records as record
    set seq = waymark_private.next_place(new.org), areas = waymark_private.either(record.areas, new.areas)
    where record.id = earlier.id;
  end loop;
  return null;
end $$;

create or replace trigger waymark_take_in before insert on public.waymark_records
  for each row execute function waymark_private.take_in();
create or replace trigger waymark_settle_in after insert on public.waymark_records
  for each row execute function waymark_private.settle_in();

-- Who sees what (core's `rules::visibility`) -------------------------------------------------------------------------------

create or replace function waymark_private.sees(what public.waymark_records) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  me text := waymark_private.claim('user');
  my_role text := waymark_private.claim('role');
  my_areas text[] := waymark_private.claimed_areas();
  shares boolean;
  crew boolean;
  about_mine boolean;
begin
  if me is null or what.org is distinct from waymark_private.claim('org') then
    return false;
  end if;
  if what.author = me then
    return true;
  end if;
  shares := my_areas = '{}' or what.areas = '{}' or what.areas && my_areas;
  crew := exists (select from waymark_private.crew as member
    where member.org = what.org and member.movement = what.movement and member.member = me);
  about_mine := exists (select from public.waymark_records as other
    where other.org = what.org and other.id = what.about and other.author = me);
  -- Under threat, the phones of a crew may be looked at.
  if what.kind like 'org.waymark.emergency.step.%' and (crew or about_mine) then
    return false;
  end if;
  return about_mine and not exists (select from public.waymark_records as other
      where other.org = what.org and other.id = any (what.refs) and other.protected and other.author <> me)
    or (crew or what.addressee is not distinct from me) and not what.protected
    or what.for_staff and not what.protected and shares
    or my_role = 'manager' and shares and not what.protected
    or my_role in ('security', 'central') and (shares or what.addressee is not distinct from me);
end $$;

alter table public.waymark_records enable row level security;
drop policy if exists waymark_see on public.waymark_records;
create policy waymark_see on public.waymark_records for select using (waymark_private.sees(waymark_records.*));
drop policy if exists waymark_write on public.waymark_records;
create policy waymark_write on public.waymark_records for insert with check (
  org = waymark_private.claim('org') and author = waymark_private.claim('user'));

create or replace view public.waymark_receipts with (security_invoker = true) as
  select record.id, record.digest, record.received, life.life
  from public.waymark_records as record cross join public.waymark_life as life;

create or replace view public.waymark_feed with (security_invoker = true) as
  select record.seq, record.received, record.author_name, record.sent, record.event, life.life
  from public.waymark_records as record cross join public.waymark_life as life;

-- What may be done: read, and add. Nobody who comes through PostgREST changes or deletes anything. ------------------------------

do $$
declare
  someone text;
begin
  -- Supabase gives its roles everything on new tables.
  foreach someone in array array['public', 'anon', 'authenticated', 'waymark_user'] loop
    if someone = 'public' or exists (select from pg_roles where rolname = someone) then
      execute format('revoke all on public.waymark_records, public.waymark_life, public.waymark_receipts,
        public.waymark_feed from %s', case someone when 'public' then 'public' else quote_ident(someone) end);
    end if;
  end loop;
  foreach someone in array array['authenticated', 'waymark_user'] loop
    if exists (select from pg_roles where rolname = someone) then
      execute format('grant usage on schema public, waymark_private to %I', someone);
      execute format('grant select on public.waymark_records, public.waymark_life, public.waymark_receipts,
        public.waymark_feed to %I', someone);
      execute format('grant insert (id, digest, author_name, sent, event) on public.waymark_records to %I', someone);
    end if;
  end loop;
end $$;

revoke all on function waymark_private.next_place(text) from public;
revoke all on all tables in schema waymark_private from public;

commit;

notify pgrst, 'reload schema';
