-- One-call runs, from the moment they are accepted. The request stays until the run has ended, so that another process can take it up; the
-- outcome until it is past its time. A claim is the lease of whoever is at it.
create table runs (
    id            text        primary key,
    workspace_id  text        not null,
    sandbox_id    text        not null,
    key           text,
    request_hash  bytea       not null,
    request       text,
    outcome       text,
    created_at    timestamptz not null,
    ended_at      timestamptz,
    claimed_until timestamptz not null
);

create unique index runs_key on runs (workspace_id, key) where key is not null;
create index runs_under_way on runs (claimed_until) where ended_at is null;
create index runs_ended on runs (ended_at) where ended_at is not null;
