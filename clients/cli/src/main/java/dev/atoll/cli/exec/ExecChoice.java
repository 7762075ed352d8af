package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.sandbox.SandboxDirectory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exec that {@code SANDBOX [EXEC]} names; without one the newest.
 *
 * @param exec as it is now
 */
record ExecChoice(String sandboxId, String path, JsonObject exec) {
    static ExecChoice of(Invocation invocation, ApiClient api) {
        List<String> operands = invocation.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw invocation.usage("Say which sandbox, and which exec of it unless it is the newest.");
        }
        String sandbox = new SandboxDirectory(api).id(operands.getFirst());
        String execs = SandboxDirectory.path(sandbox) + "/execs";
        if (operands.size() == 2) {
            String path = execs + "/" + Query.segment(operands.get(1));
            return new ExecChoice(sandbox, path, api.get(path).json());
        }
        JsonObject newest = newest(api.get(execs).json());
        if (newest == null) {
            throw Problem.of(
                            "exec_not_found",
                            ExitCode.NOT_FOUND,
                            "Nothing has been run in this sandbox yet.",
                            "Run something: ./atoll exec " + operands.getFirst() + " -- COMMAND")
                    .asException();
        }
        return new ExecChoice(sandbox, execs + "/" + newest.getString("id", ""), newest);
    }

    private static @Nullable JsonObject newest(JsonObject list) {
        return list.getArray("items").isEmpty() ? null : list.getArray("items").getObject(0);
    }
}
