-- When a sandbox ends for want of use, what keeps it from that, and for which end of its life it was warned.
alter table sandboxes
    add column idle_ms        bigint,
    add column idle_processes boolean not null default true,
    add column holds          jsonb   not null default '{}',
    add column warned_for     timestamptz;

alter table sandboxes
    alter column idle_processes drop default;

-- What happened to sandboxes. A reader goes on after (xid, seq) and sees only what no transaction that is still going on can come before:
-- the sequence alone is given out in another order than transactions commit in.
create table sandbox_events (
    xid          xid8        not null default pg_current_xact_id(),
    seq          bigint      not null generated always as identity,
    sandbox_id   text        not null,
    workspace_id text        not null,
    type         text        not null,
    at           timestamptz not null,
    facts        jsonb       not null,
    once         text,
    primary key (sandbox_id, xid, seq)
);

create index sandbox_events_of_workspace on sandbox_events (workspace_id, xid, seq);
create unique index sandbox_events_once on sandbox_events (sandbox_id, once) where once is not null;
create index sandbox_events_age on sandbox_events using brin (at);
