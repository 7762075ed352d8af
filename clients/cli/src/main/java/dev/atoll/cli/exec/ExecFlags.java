package dev.atoll.cli.exec;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import java.util.List;

/** The options that say how a command is run, and the request that they make. */
public final class ExecFlags {
    /** Options of everything that runs a command. */
    public static final List<Flag> COMMON = List.of(
            Flag.of("timeout", "DURATION", "kill the command after this long, such as 30s or 10m"),
            Flag.of("user", "USER", "run it as this user or number, with :GROUP after it if need be"),
            Flag.of("cwd", "DIRECTORY", "run it in this directory of the sandbox"));

    /** Options of {@code run} and {@code exec} alike; {@code --env} is not among them because it means the sandbox's in {@code run}. */
    public static final List<Flag> FLAGS = List.of(
            COMMON.get(0),
            COMMON.get(1),
            COMMON.get(2),
            Flag.sign("interactive", 'i', "pass stdin on; so it is without this too, unless it is /dev/null or closed"),
            Flag.sign("tty", 't', "run it on a terminal, which is ours; let go of it with ~. or Ctrl-P Ctrl-Q"));

    private ExecFlags() {}

    /** The request for the command line of {@code invocation}. */
    static JsonObject request(Invocation invocation, boolean stdin) {
        JsonObject request = new JsonObject();
        request.put("argv", new JsonArray(invocation.commandLine()));
        request.put("stdin", stdin);
        for (String flag : List.of("timeout", "user", "cwd")) {
            invocation.value(flag).ifPresent(value -> request.put(flag, value));
        }
        return request;
    }
}
