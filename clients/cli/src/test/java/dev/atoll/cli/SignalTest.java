package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.cli.Cli.Result;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signals that reach us during {@code run}. */
class SignalTest {
    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    private CompletableFuture<Result> start(String... arguments) {
        return CompletableFuture.supplyAsync(() -> cli.run(arguments));
    }

    private void awaitRequest(String prefix) {
        await().until(() -> platform.requests.stream().anyMatch(request -> request.startsWith(prefix)));
    }

    @Test
    void aSignalGoesToTheCommandWhichDecidesWhatBecomesOfIt() {
        platform.exec.onSignal = signal -> {
            if (signal.equals("SIGTERM")) {
                platform.exec.end(Map.of("reason", "exited", "exit_code", 5));
            }
        };
        CompletableFuture<Result> run = start("run", "--", "tool");
        awaitRequest("GET /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs");

        cli.signals.accept("SIGUSR1");
        cli.signals.accept("SIGTERM");

        assertThat(run.join()).isEqualTo(new Result(5, "", ""));
        assertThat(platform.exec.signals).containsExactly("SIGUSR1", "SIGTERM");
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void theSecondInterruptKills() {
        platform.exec.onSignal = signal -> {
            if (signal.equals("SIGKILL")) {
                platform.exec.end(Map.of("reason", "signaled", "signal", "SIGKILL"));
            }
        };
        CompletableFuture<Result> run = start("run", "--", "stubborn");
        awaitRequest("GET /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs");

        cli.signals.accept("SIGINT");
        cli.signals.accept("SIGINT");

        assertThat(run.join()).isEqualTo(new Result(137, "", "atoll: the command was ended by SIGKILL\n"));
        assertThat(platform.exec.signals).containsExactly("SIGINT", "SIGKILL");
    }

    @Test
    void anInterruptBeforeTheCommandDeletesWhatWasMade() {
        platform.sandboxStates.addAll(Collections.nCopies(100_000, "preparing"));
        CompletableFuture<Result> run = start("run", "--", "tool");
        awaitRequest("GET /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa?until=running");

        cli.signals.accept("SIGINT");

        assertThat(run.join().code()).isEqualTo(130);
        assertThat(platform.deleted).isTrue();
        assertThat(platform.requests).noneMatch(request -> request.contains("/execs"));
    }

    @Test
    void anInterruptWhileTheImageIsMadeEndsIt() {
        platform.refuse("POST /v1/sandboxes?wait=1s", 404, "image_not_found");
        platform.imageStates.addAll(Collections.nCopies(100_000, "making"));
        CompletableFuture<Result> run = start("run", "--", "tool");
        awaitRequest("GET /v1/images/base");

        cli.signals.accept("SIGTERM");

        assertThat(run.join().code()).isEqualTo(143);
        assertThat(platform.requests.stream()
                        .filter(request -> request.startsWith("POST /v1/sandboxes"))
                        .toList())
                .isEqualTo(List.of("POST /v1/sandboxes?wait=1s"));
    }
}
