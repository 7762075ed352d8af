-- A keyed request that makes no sandbox is claimed before it is carried out: until it is finished, whoever repeats it carries it out.
alter table idempotency
    add column finished boolean not null default true;
