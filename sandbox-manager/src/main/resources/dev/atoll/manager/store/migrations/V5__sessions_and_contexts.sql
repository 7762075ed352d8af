-- Shell sessions: what their commands left lies in the sandbox; exec_id is the last command, which has the session until it ends.
create table shell_sessions (
    id         text primary key,
    sandbox_id text        not null references sandboxes (id) on delete cascade,
    name       text,
    wanted_cwd text,
    env        jsonb       not null,
    run_as     text,
    wanted     text,
    shell      text        not null,
    cwd        text        not null,
    created_at timestamptz not null,
    exec_id    text,
    claimed_at timestamptz
);

create index shell_sessions_of_sandbox on shell_sessions (sandbox_id, created_at);

-- Code contexts: kernel_id is the exec that is the kernel now, run_id the last run, which has the context until it ends.
create table code_contexts (
    id         text primary key,
    sandbox_id text        not null references sandboxes (id) on delete cascade,
    language   text        not null,
    cwd        text,
    env        jsonb       not null,
    run_as     text,
    argv       jsonb       not null,
    created_at timestamptz not null,
    kernel_id  text        not null,
    restarts   integer     not null,
    run_id     text
);

create index code_contexts_of_sandbox on code_contexts (sandbox_id, created_at);

-- Runs: where each stands in the output of its kernel. What came of it is read from there.
create table context_runs (
    id           text primary key,
    context_id   text        not null references code_contexts (id) on delete cascade,
    sandbox_id   text        not null,
    kernel_id    text        not null,
    output_at    bigint      not null,
    input_end    bigint      not null,
    timeout_ms   bigint,
    request_hash bytea       not null,
    created_at   timestamptz not null,
    watched      boolean     not null
);

create index context_runs_of_context on context_runs (context_id, created_at desc);
create index context_runs_watched on context_runs (id) where watched;
