package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileType;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a service does that is kept within a directory. */
public abstract class FileWorkspaceContract extends FileArchivesContract {
    private FilesClient inside;

    /** A service of root's that is kept within a directory. */
    protected abstract FilesClient within(String workspace) throws Exception;

    private String root() {
        return directory() + "/w";
    }

    private void makeWorkspace() throws Exception {
        shell("busybox mkdir -p w/d out; printf secret >out/s; printf in >w/d/f; busybox ln -s d w/fine;"
                + " busybox ln -s ../d/f w/d/self;"
                + " busybox ln -s DIR/out w/abs; busybox ln -s DIR/w/d w/absin;".replace("DIR", directory())
                + " busybox ln -s ../out w/up; busybox ln -s ../../out w/d/deep;"
                + " busybox ln -s up w/twice; busybox ln -s ../out/s w/leak; busybox ln -s loop w/loop");
        inside = within(root());
    }

    private void isRefused(FileOperation operation, byte[]... content) {
        assertThat(inside.problem(operation, content).code())
                .as(operation.toString())
                .isEqualTo(ProblemCode.PATH_OUTSIDE_WORKSPACE);
    }

    private static FileOperation read(String path) {
        return new FileOperation.Read(path(path), 0, 100);
    }

    @Test
    void whatLiesInAWorkspaceIsThereByItsUsualName() throws Exception {
        makeWorkspace();
        for (String path : List.of("d/f", "./d//f", "fine/f", "d/self", root() + "/d/f", root() + "/fine/self")) {
            assertThat(inside.read(path)).as(path).isEqualTo(bytes("in"));
        }
        assertThat(inside.stat(root() + "/d/f").path().text()).isEqualTo(root() + "/d/f");
        assertThat(inside.stat(root()).path().text()).isEqualTo(root());
        assertThat(FilesClient.paths(
                        inside.run(new FileOperation.ListDirectory(path(root()), 2, Optional.empty(), 100))))
                .contains(root() + "/d", root() + "/d/f", root() + "/abs");
        var rest = new FileOperation.ListDirectory(path(root()), 1, Optional.of(path(root() + "/loop")), 100);
        assertThat(FilesClient.paths(inside.run(rest))).containsExactly(root() + "/twice", root() + "/up");
        inside.write(root() + "/new/deep", bytes("n"));
        assertThat(shell("cat w/new/deep")).startsWith("n");
        assertThat(inside.problem(read(root() + "/no")).detail()).contains(root() + "/no");
        assertThat(inside.problem(read("loop")).code()).isEqualTo(ProblemCode.FILE_SYSTEM_REFUSED);
        byte[] archive = FilesClient.content(inside.run(new FileOperation.Pack(path(root()), List.of())));
        inside.run(new FileOperation.Unpack(path("copy")), archive);
        assertThat(inside.read("copy/fine/f")).isEqualTo(bytes("in"));
    }

    @Test
    void whatLeadsOutOfAWorkspaceIsRefused() throws Exception {
        makeWorkspace();
        for (String path : List.of(
                "abs/s",
                "absin/f",
                "up/s",
                "d/deep/s",
                "twice/s",
                "leak",
                "../out/s",
                "d/../d/f",
                "fine/../../out/s")) {
            isRefused(read(path));
            isRefused(FilesClient.write(path), bytes("hacked"));
        }
        for (String path : List.of("/etc/passwd", directory() + "/out/s", root() + "x", directory(), "/")) {
            isRefused(read(path));
        }
        isRefused(new FileOperation.ListDirectory(path("up"), 1, Optional.empty(), 100));
        isRefused(new FileOperation.Glob(path("abs"), "*", 100));
        isRefused(new FileOperation.Grep(path("d/deep"), "secret", true, false, Optional.empty(), 0, 100));
        isRefused(new FileOperation.MakeDirectory(path("up/made"), true, OptionalInt.empty()));
        isRefused(new FileOperation.Move(path("d/f"), path(directory() + "/out/f"), true));
        isRefused(new FileOperation.Copy(path("up/s"), path("taken"), true));
        isRefused(new FileOperation.Remove(path("abs/s"), true, false));
        isRefused(new FileOperation.Pack(path("up"), List.of()));
        isRefused(new FileOperation.Unpack(path("abs")), new byte[10_240]);
        isRefused(new FileOperation.Watch(path("up"), false));
        isRefused(new FileOperation.Stat(path("leak"), true, false));
        assertThat(shell("busybox ls out; cat out/s")).startsWith("s\nsecret");
    }

    @Test
    void aLinkThatLeadsOutCanBeSeenAndRemovedAndIsNotMade() throws Exception {
        makeWorkspace();
        assertThat(inside.stat("leak").type()).isEqualTo(FileType.SYMLINK);
        inside.run(new FileOperation.Move(path("leak"), path("leaking"), false));
        inside.run(new FileOperation.Remove(path("leaking"), false, false));
        inside.run(new FileOperation.Remove(path("abs"), true, false));
        assertThat(shell("cat out/s")).startsWith("secret");
        isRefused(new FileOperation.SymbolicLink(path("l"), path("/etc")));
        isRefused(new FileOperation.SymbolicLink(path("l"), path("../out")));
        isRefused(new FileOperation.SymbolicLink(path("d/l"), path("../../out")));
        inside.run(new FileOperation.SymbolicLink(path("d/l"), path("../fine/f")));
        assertThat(inside.read("d/l")).isEqualTo(bytes("in"));
        // A whole tree may be searched and copied: links in it are not followed.
        assertThat(inside.done(new FileOperation.Grep(path("."), "secret", true, false, Optional.empty(), 0, 100))
                        .count())
                .isZero();
    }

    @Test
    void aWorkspaceThatCannotBeEnteredIsSaid() throws Exception {
        makeWorkspace();
        assertThat(problemOf(directory() + "/none")).isEqualTo(ProblemCode.FILE_NOT_FOUND);
        assertThat(problemOf(directory() + "/out/s")).isEqualTo(ProblemCode.NOT_A_DIRECTORY);
    }

    private ProblemCode problemOf(String workspace) {
        try {
            within(workspace).close();
            throw new AssertionError("it was entered");
        } catch (ProblemException refused) {
            return refused.problem().code();
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }
}
