package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.security.auth.module.UnixSystem;
import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.runtime.ProcessService;
import dev.atoll.model.file.FileOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as an ordinary process of this machine. */
class NativeFilesTest extends FileWorkspaceContract {
    @TempDir
    Path directory;

    private ProcessService process;
    private FilesClient files;
    private final List<FilesClient> within = new ArrayList<>();

    Path binary() throws Exception {
        return NativeGuest.binary();
    }

    @BeforeEach
    void start() throws Exception {
        process = ProcessService.start(binary(), FileService.arguments("", directory.toString()));
        files = new FilesClient(process);
    }

    @AfterEach
    void end() throws IOException {
        files.close();
        within.forEach(FilesClient::close);
        new ProcessBuilder("chmod", "-R", "u+rwx", directory.toString())
                .start()
                .onExit()
                .join();
    }

    @Override
    protected FilesClient files() {
        return files;
    }

    @Override
    protected FilesClient within(String workspace) throws Exception {
        assertThat(new UnixSystem().getUid())
                .as("only root can make a directory its root: sudo ./atoll test")
                .isZero();
        FilesClient client = new FilesClient(
                ProcessService.start(binary(), FileService.arguments("0", directory(), Optional.of(workspace))));
        within.add(client);
        return client;
    }

    @Override
    protected String directory() {
        return directory.toString();
    }

    @Override
    protected String shell(String script) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void whatBreaksOffLeavesNothing() throws Exception {
        files.service().request(FilesClient.write("f"));
        files.service().content(ByteBuffer.wrap(random(1_000_000)));
        process.process().getOutputStream().close();

        assertThat(process.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(shell("ls -A")).isEmpty();
    }

    @Test
    void itEndsWhenNobodyReads() throws Exception {
        files.write("f", random(5_000_000));
        files.service().request(new FileOperation.Read(path("f"), 0, Long.MAX_VALUE));
        process.process().getInputStream().close();

        assertThat(process.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
