package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxException;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxImageManifest.Part;
import dev.atoll.isolation.runtime.RuntimePlatform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCallsTest {

    private static final BoxId ID = new BoxId("boxaaaaaaaaaaaaaaaaaaaa");

    @TempDir
    Path directory;

    private Poller poller;
    private Path socket;
    private Path image;

    @BeforeEach
    void open() throws IOException {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        socket = directory.resolve("control.sock");
        image = directory.resolve("image");
        BoxImage.makeDirectory(image);
    }

    @AfterEach
    void close() {
        poller.close();
    }

    /** Over a runsc that writes down how it was called and runs {@code script}. */
    private ImageCalls calls(String script, Duration timeout) throws IOException {
        Path runsc = directory.resolve("runsc");
        Files.writeString(runsc, "#!/bin/sh\necho \"$@\" >>" + directory.resolve("log") + "\n" + script + "\n");
        assertThat(runsc.toFile().setExecutable(true)).isTrue();
        RunscSettings settings = RunscSettings.of(runsc, Path.of("/run/atoll"));
        RunscBinary binary = new RunscBinary(runsc, new RunscVersion("release-20240729.0", 20240729), Set.of());
        RunscCommand commands = new RunscCommand(binary, settings, new RunscDirectories(settings.root()));
        return new ImageCalls(ID, new ControlSocket(poller, socket), commands, RuntimePlatform.SYSTRAP, timeout);
    }

    @Test
    void theBoxIsAskedToRunOn() throws IOException {
        try (FakeControlServer server = FakeControlServer.saying(socket, "{\"success\":true,\"result\":null}")) {
            calls("", Duration.ofSeconds(10)).write(image);

            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .contains(
                            "\"containerManager.Checkpoint\"",
                            "\"Resume\":true",
                            "\"have_pages_file\":true",
                            "\"compression\":\"none\"");
        }
        for (Part part : Part.values()) {
            assertThat(image.resolve(part.fileName())).exists();
        }
    }

    @Test
    void whatTheSocketLacksTheCommandDoes() throws IOException {
        String write = "for f in checkpoint pages_meta pages; do [ ! -e " + image + "/$f.img ] && echo x >" + image
                + "/$f.img || exit 1; done";
        try (FakeControlServer server =
                FakeControlServer.saying(socket, "{\"success\":false,\"err\":\"unknown method\"}")) {
            calls(write, Duration.ofSeconds(10)).write(image);
        }
        assertThat(Files.readAllLines(directory.resolve("log")))
                .singleElement()
                .asString()
                .endsWith("checkpoint --leave-running --compression=none --image-path=" + image + " " + ID);
        for (Part part : Part.values()) {
            assertThat(Files.getPosixFilePermissions(image.resolve(part.fileName())))
                    .hasSize(2);
        }
    }

    @Test
    void aCommandThatFailsIsAFailure() throws IOException {
        try (FakeControlServer server =
                FakeControlServer.saying(socket, "{\"success\":false,\"err\":\"unknown method\"}")) {
            assertThatThrownBy(() ->
                            calls("echo no; exit 3", Duration.ofSeconds(10)).write(image))
                    .hasMessageContaining("status 3: no");
        }
    }

    @Test
    void aBoxThatHangsUpIsToldFromOneThatRefusesOrIsSlow() throws IOException {
        try (FakeControlServer server = new FakeControlServer(socket, connection -> {})) {
            assertThatThrownBy(() -> calls("", Duration.ofSeconds(10)).write(image))
                    .isInstanceOf(ImageCalls.HungUp.class);
        }
        Files.delete(socket);
        BoxImage.remove(image);
        BoxImage.makeDirectory(image);
        try (FakeControlServer server =
                FakeControlServer.saying(socket, "{\"success\":false,\"err\":\"no space left on device\"}")) {
            assertThatThrownBy(() -> calls("", Duration.ofSeconds(10)).write(image))
                    .isNotInstanceOf(ImageCalls.HungUp.class)
                    .hasMessageContaining("no space left on device");
        }
        Files.delete(socket);
        BoxImage.remove(image);
        BoxImage.makeDirectory(image);
        try (FakeControlServer server = new FakeControlServer(socket, connection -> awaitClose(connection))) {
            assertThatThrownBy(() -> calls("", Duration.ofMillis(20)).write(image))
                    .isNotInstanceOf(ImageCalls.HungUp.class)
                    .hasMessageContaining("in time");
        }
    }

    private static void awaitClose(SocketChannel connection) throws IOException {
        while (connection.read(ByteBuffer.allocate(64)) >= 0) {
            continue;
        }
    }

    @Test
    void filesThatAreThereAreNotWrittenOver() throws IOException {
        Files.writeString(image.resolve("pages.img"), "of another");

        assertThatThrownBy(() -> calls("", Duration.ofSeconds(10)).write(image)).isInstanceOf(LinuxException.class);

        assertThat(image.resolve("pages.img")).hasContent("of another");
    }
}
