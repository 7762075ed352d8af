-- Keys of the platform's own, each made once and kept: what they sign is valid for every server on this database.
create table platform_secrets (
    name       text primary key,
    secret     bytea       not null,
    created_at timestamptz not null
);

-- Signed URLs that were used. A row may go when its URL has expired.
create table used_urls (
    nonce      bytea primary key,
    expires_at timestamptz not null
);

create index used_urls_expiring on used_urls (expires_at);

-- Answers to keyed requests on files and batches, so that a repeat is answered and not done again. Null while it is being done.
create table keyed_answers (
    workspace_id text        not null,
    key          text        not null,
    request_hash bytea       not null,
    answer       bytea,
    created_at   timestamptz not null,
    primary key (workspace_id, key)
);

create index keyed_answers_age on keyed_answers (created_at);
