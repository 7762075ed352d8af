-- What a sandbox may write and how many processes it may have; what was made before had no limit of its own, and has the usual one now.
alter table sandboxes
    add column disk_bytes bigint  not null default 8589934592,
    add column pids       integer not null default 1024,
    add column warm       boolean not null default true,
    add column start_kind text;

alter table sandboxes
    alter column disk_bytes drop default,
    alter column pids drop default,
    alter column warm drop default;
