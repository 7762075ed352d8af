package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.files.FileService;
import dev.atoll.isolation.files.FileWorkspaceContract;
import dev.atoll.isolation.files.FilesClient;
import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service in a box of every accepted runsc. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FilesInGvisorContract extends FileWorkspaceContract {
    private static final long MIB = 1L << 20;
    static final BoxLimits LIMITS = BoxLimits.of(512 * MIB, 2_000, 256 * MIB).withInodes(60_000);

    private final List<FilesClient> opened = new ArrayList<>();
    private Path place;
    private Poller poller;
    private HostLeftovers before;
    private FilesClient files;
    private RootFilesystem image;
    private int test;
    RunscRuntime runtime;
    BoxSpec box;
    CommandsInBox commands;

    protected abstract Path runsc();

    protected abstract String cgroupParent();

    @BeforeAll
    void open() throws Exception {
        place = Files.createTempDirectory("atoll-");
        before = HostLeftovers.snapshot(place, cgroupParent());
        Path tree = TestRoots.directory(place.resolve("tree"));
        Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
        Files.writeString(tree.resolve("etc/group"), "root:x:0:\nuser:x:1000:\nextra:x:55:user\n");
        image = new RootFilesystem.ErofsFile(TestRoots.erofs(tree, place.resolve("image.erofs")));
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
        RunscSettings settings = RunscSettings.of(runsc(), place.resolve("rt")).withCgroupParent(cgroupParent());
        runtime = RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
        box = new BoxFixture(place.resolve("b"), NativeGuest.binary()).newSpec(image, LIMITS);
        runtime.create(box);
        runtime.start(box.id());
        commands = new CommandsInBox(poller, box);
    }

    @AfterAll
    void leaveNothing() throws IOException {
        commands.close();
        runtime.list().forEach(runtime::destroy);
        runtime.close();
        poller.close();
        BoxFixture.removeTree(place.resolve("b"));
        assertThat(HostLeftovers.snapshot(place, cgroupParent()).since(before))
                .allMatch(thing -> thing.startsWith("file " + place));
        BoxFixture.removeTree(place);
    }

    @BeforeEach
    void begin() throws Exception {
        test++;
        commands.run("busybox mkdir -p " + directory());
        files = service("");
    }

    @AfterEach
    void end() throws Exception {
        opened.forEach(FilesClient::close);
        commands.run("rm -rf " + directory());
    }

    FilesClient service(String user) throws IOException {
        FilesClient client = new FilesClient(runtime.startService(box.id(), FileService.arguments(user, directory())));
        opened.add(client);
        return client;
    }

    @Override
    protected FilesClient within(String workspace) throws IOException {
        return within("0", workspace);
    }

    private FilesClient within(String user, String workspace) throws IOException {
        List<String> arguments = FileService.arguments(user, directory(), Optional.of(workspace));
        FilesClient client = new FilesClient(runtime.startService(box.id(), arguments));
        opened.add(client);
        return client;
    }

    @Test
    void aWorkspaceGivesNoRights() throws Exception {
        shell("busybox mkdir -p closed/ws open; busybox chmod 700 closed; busybox chmod 777 open closed/ws");
        assertThatThrownBy(() -> within("user", directory() + "/closed/ws"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.FILE_PERMISSION_DENIED));
        FilesClient user = within("user", directory() + "/open");
        assertThat(user.write("f", new byte[1]).entry().orElseThrow().uid()).isEqualTo(1000);
        shell("printf x >open/roots; busybox chmod 600 open/roots");
        assertThat(user.problem(new FileOperation.Read(FilePath.of("roots"), 0, 1))
                        .code())
                .isEqualTo(ProblemCode.FILE_PERMISSION_DENIED);
    }

    @Override
    protected FilesClient files() {
        return files;
    }

    @Override
    protected String directory() {
        return "/t" + test;
    }

    @Override
    protected String shell(String script) throws Exception {
        return commands.run("cd " + directory() + "; " + script);
    }

    private long services() throws Exception {
        return Long.parseLong(
                shell("ps | grep -c '[-]-files'; true").lines().findFirst().orElseThrow());
    }

    @Test
    void itHasTheRightsOfItsUser() throws Exception {
        shell("busybox mkdir mine closed; busybox chown 1000:1000 mine; echo x >closed/f; busybox chmod 700 closed;"
                + " echo y >shared; busybox chown 0:55 shared; busybox chmod 640 shared");
        FilesClient user = service("user");
        user.write("mine/f", new byte[] {'a'});
        assertThat(user.stat("mine/f").uid()).isEqualTo(1000);
        assertThat(user.stat("mine/f").gid()).isEqualTo(1000);
        assertThat(user.problem(FilesClient.write("closed/g"), new byte[1]).code())
                .isEqualTo(ProblemCode.FILE_PERMISSION_DENIED);
        assertThat(user.problem(new FileOperation.Read(FilePath.of("closed/f"), 0, 1))
                        .code())
                .isEqualTo(ProblemCode.FILE_PERMISSION_DENIED);
        assertThat(user.problem(new FileOperation.SetAttributes(
                                FilePath.of("shared"), OptionalInt.of(0666), Optional.empty(), Optional.empty(), false))
                        .code())
                .isEqualTo(ProblemCode.FILE_PERMISSION_DENIED);
        assertThat(user.read("shared")).isEqualTo(new byte[] {'y', '\n'});
        assertThat(service("4321:0")
                        .write("/tmp/n", new byte[1])
                        .entry()
                        .orElseThrow()
                        .uid())
                .isEqualTo(4321);
        assertThat(
                        shell(
                                "busybox grep -h -E 'Cap(Eff|Prm)' /proc/$(ps | grep '[-]-user=user' | busybox awk '{print $1}')/status"))
                .contains("CapPrm:\t0000000000000000")
                .contains("CapEff:\t0000000000000000");
        assertThatThrownBy(() -> service("nobody-here"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.USER_NOT_FOUND));
    }

    @Test
    void itEndsWithItsPipes() throws Exception {
        FilesClient user = service("user");
        user.service().request(FilesClient.write("/tmp/half"));
        user.service().content(ByteBuffer.wrap(new byte[2_000_000]));
        user.close();
        opened.forEach(FilesClient::close);
        Awaitility.await().until(() -> services() == 0);
        assertThat(shell("ls -A /tmp | busybox grep -c atoll; true")).isEqualTo("0");
    }

    @Test
    void itHoldsUpNoEndOfAnythingWhenItIsStopped() throws Exception {
        BoxService stuck = runtime.startService(box.id(), FileService.arguments("", "/"));
        FilesClient client = new FilesClient(stuck);
        shell("kill -STOP $(ps | grep '[-]-directory=/$' | busybox awk '{print $1}')");
        client.close();
        Awaitility.await()
                .until(() -> shell("ps | grep -c '[-]-directory=/$'; true")
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .equals("0"));
    }

    @Test
    void aCheckpointHasNoneInIt() throws Exception {
        BoxSpec other = new BoxFixture(place.resolve("b"), NativeGuest.binary()).newSpec(image, LIMITS);
        runtime.create(other);
        runtime.start(other.id());
        List<String> arguments = FileService.arguments("", "/");
        BoxService service = runtime.startService(other.id(), arguments);
        try (FilesClient client = new FilesClient(service)) {
            client.write("/f", new byte[] {'x'});
            runtime.checkpoint(other.id(), place.resolve("image"));
            assertThat(service.isQuiet()).isFalse();
        }
        BoxImage.remove(place.resolve("image"));
        try (FilesClient client = new FilesClient(runtime.startService(other.id(), arguments))) {
            assertThat(client.read("/f")).isEqualTo(new byte[] {'x'});
        }
        runtime.destroy(other.id());
    }
}
