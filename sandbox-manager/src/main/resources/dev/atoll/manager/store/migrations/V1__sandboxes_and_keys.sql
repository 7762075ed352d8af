create table workspaces (
    id         text primary key,
    created_at timestamptz not null
);

create table api_keys (
    id           text primary key,
    workspace_id text        not null references workspaces (id),
    label        text        not null,
    secret_hash  bytea       not null unique,
    created_at   timestamptz not null
);

-- No foreign key to workspaces: it would lock and rewrite the workspace's row with every create.
create table sandboxes (
    id           text primary key,
    workspace_id text        not null,
    name         text,
    image        text        not null,
    cpu_millis   bigint      not null,
    memory_bytes bigint      not null,
    ttl_ms       bigint      not null,
    env          jsonb       not null,
    labels       jsonb       not null,
    state        text        not null check (state in ('requested', 'preparing', 'running', 'stopping', 'stopped', 'failed')),
    generation   bigint      not null check (generation > 0),
    reason       text,
    detail       text        not null,
    host_id      text,
    image_id     text,
    created_at   timestamptz not null,
    started_at   timestamptz,
    ended_at     timestamptz,
    expires_at   timestamptz not null
);

create unique index sandboxes_live_name on sandboxes (workspace_id, name)
    where name is not null and state not in ('stopped', 'failed');
create index sandboxes_listed on sandboxes (workspace_id, created_at desc, id desc);
create index sandboxes_live_on_host on sandboxes (host_id) include (cpu_millis, memory_bytes)
    where state not in ('stopped', 'failed');
create index sandboxes_expiring on sandboxes (expires_at)
    where state in ('requested', 'preparing', 'running');
create index sandboxes_in_passage on sandboxes (id)
    where state in ('preparing', 'stopping');
create index sandboxes_ended on sandboxes (ended_at)
    where state in ('stopped', 'failed');

-- Effects that are committed and not yet carried out. not_before is also the lease of whoever is at it.
create table outbox (
    seq        bigint generated always as identity primary key,
    sandbox_id text        not null,
    generation bigint      not null,
    kind       text        not null check (kind in ('prepare', 'stop')),
    host_id    text        not null,
    not_before timestamptz not null
);

create index outbox_of_sandbox on outbox (sandbox_id);
create index outbox_due on outbox (not_before);

create table idempotency (
    workspace_id text        not null,
    key          text        not null,
    request_hash bytea       not null,
    sandbox_id   text,
    created_at   timestamptz not null,
    primary key (workspace_id, key)
);

create index idempotency_age on idempotency (created_at);
