package dev.atoll.server.rehearsal;

import java.io.IOException;

/** Shell sessions, code contexts, and what is asked about the life of a sandbox. */
final class StateScenes {
    private static final int COMMANDS = 5;
    private static final String WAIT = "?wait=60s";

    private final Caller caller;

    StateScenes(Caller caller) {
        this.caller = caller;
    }

    /** The image's shell says what a session needs to hear, whatever it is asked. */
    void session(String sandbox) throws IOException, InterruptedException {
        String sessions = sandbox + "/sessions";
        String session = sessions + "/" + Caller.id(caller.post(201, sessions, "{\"name\":\"rehearsal\"}"));
        for (int command = 0; command < COMMANDS; command++) {
            String ran = caller.post(201, session + "/execs" + WAIT, "{\"command\":\"cd /tmp; export A=b\"}");
            if (!ran.contains("\"exit_code\":0")) {
                throw new IllegalStateException("a command of a session failed: " + ran);
            }
        }
        caller.get(200, sessions);
        caller.get(200, session);
        caller.delete(204, session);
    }

    /** A kernel that is ready, takes code, and dies when it is interrupted: all that a program can do that understands nothing. */
    void context(String sandbox) throws IOException, InterruptedException {
        String contexts = sandbox + "/contexts";
        caller.post(422, contexts, "{\"language\":\"none\",\"cwd\":\"/none\"}");
        String context = contexts + "/" + Caller.id(caller.post(201, contexts, "{\"language\":\"say\"}"));
        String run = context + "/runs/" + Caller.id(caller.post(201, context + "/runs", "{\"code\":\"1 + 1\"}"));
        caller.get(200, run + "/events?wait=1ms");
        caller.post(200, context + "/interrupt", "");
        String ended = caller.get(200, run + WAIT);
        if (!ended.contains("\"reason\":\"kernel_died\"")) {
            throw new IllegalStateException("a run did not end as it has to: " + ended);
        }
        caller.get(200, run + "/events" + WAIT);
        caller.get(200, contexts);
        caller.post(200, context + "/restart", "");
        caller.delete(204, context);
    }

    /** What happened, what is used, and how long it may live. */
    void life(String sandbox) throws IOException, InterruptedException {
        caller.get(200, sandbox + "/events");
        caller.get(200, sandbox + "/events?wait=1ms&after=0-0&limit=1");
        caller.get(200, "/v1/events?limit=10");
        caller.get(200, sandbox + "/metrics?since=1m");
        caller.post(200, sandbox + "/extend", "{\"for\":\"1h\"}");
        caller.put(200, sandbox + "/holds/rehearsal", "{\"for\":\"1m\"}");
        caller.delete(200, sandbox + "/holds/rehearsal");
    }
}
