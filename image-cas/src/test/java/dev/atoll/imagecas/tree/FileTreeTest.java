package dev.atoll.imagecas.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.imagecas.content.Content;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileTreeTest {
    private static final Attributes SOME = new Attributes(0644, 0, 0, 0, 0);

    private final FileTree tree = new FileTree(ImageLimits.DEFAULT);

    @Test
    void parentsThatNobodyNamedAreMade() {
        file("a/b/c");
        assertThat(paths()).containsExactly("a/", "a/b/", "a/b/c");
    }

    @Test
    void aDirectoryThatComesAgainKeepsWhatIsInIt() {
        file("a/b");
        tree.putDirectory(path("a"), new Attributes(0700, 5, 6, 7, 8));
        assertThat(paths()).containsExactly("a/", "a/b");
        assertThat(node("a").attributes()).isEqualTo(new Attributes(0700, 5, 6, 7, 8));
    }

    @Test
    void anUpperLayerReplacesALinkByADirectoryAndADirectoryByAFile() {
        link("lib", "usr/lib");
        file("dir/inner");
        tree.beginLayer();
        tree.putDirectory(path("lib"), SOME);
        file("dir");
        assertThat(node("lib")).isInstanceOf(Directory.class);
        assertThat(node("dir")).isInstanceOf(Node.RegularFile.class);
        assertThat(paths()).containsExactly("dir", "lib/");
    }

    @Test
    void parentsThatAreLinksAreFollowedWithinTheTree() {
        tree.putDirectory(path("usr/lib"), SOME);
        link("lib", "usr/lib");
        link("up", "../../../../usr");
        link("usr/abs", "/lib");
        file("lib/a");
        file("up/b");
        file("usr/abs/c");
        assertThat(paths()).contains("usr/lib/a", "usr/b", "usr/lib/c").doesNotContain("b", "lib/a");
    }

    @Test
    void loopsOfLinksAreRefused() {
        link("a", "b");
        link("b", "a");
        refuses(() -> file("a/x"), "a loop of symbolic links");
    }

    @Test
    void whiteoutsHideOnlyWhatLowerLayersHave() {
        file("d/old");
        file("d/both");
        file("gone");
        tree.beginLayer();
        file("d/new");
        file("d/both");
        tree.hide(path("d/both"));
        tree.hide(path("d/old"));
        tree.hide(path("gone"));
        tree.hide(path("never"));
        tree.hide(path("never/there"));
        assertThat(paths()).containsExactly("d/", "d/both", "d/new");
    }

    @Test
    void anOpaqueDirectoryHidesWhatLowerLayersHaveInItWhateverTheOrder() {
        file("d/e/old");
        file("d/old");
        tree.beginLayer();
        file("d/e/new");
        tree.hideAllIn(path("d"));
        file("d/newer");
        assertThat(paths()).containsExactly("d/", "d/e/", "d/e/new", "d/newer");
    }

    @Test
    void aWhiteoutOfADirectoryThatThisLayerMakesAgainLeavesOnlyTheNew() {
        file("d/old");
        tree.beginLayer();
        file("d/new");
        tree.hide(path("d"));
        assertThat(paths()).containsExactly("d/", "d/new");
    }

    @Test
    void hardLinksShareTheFile() {
        file("a");
        tree.beginLayer();
        tree.link(path("x/b"), path("a"));
        tree.hide(path("a"));
        assertThat(paths()).containsExactly("x/", "x/b");
        tree.link(path("c"), path("x/b"));
        assertThat(node("c")).isSameAs(node("x/b"));
    }

    @Test
    void hardLinksToNothingAndToDirectoriesAreRefused() {
        tree.putDirectory(path("d"), SOME);
        refuses(() -> tree.link(path("a"), path("missing")), "has not named before");
        refuses(() -> tree.link(path("a"), path("d")), "the directory");
        refuses(() -> tree.link(path("a"), path("missing/b")), "has not named before");
    }

    @Test
    void filesAreNoParents() {
        file("a");
        refuses(() -> file("a/b"), "a parent of it is a file");
    }

    @Test
    void pathsThatLeadOutAreRefused() {
        refuses(() -> path("../a"), "'..'");
        refuses(() -> path("a/../../b"), "'..'");
        refuses(() -> path("/etc/passwd"), "absolute");
        refuses(() -> path("a\0b"), "NUL");
        refuses(() -> path("n".repeat(256)), "more than 255 bytes");
        refuses(() -> path("d/".repeat(200) + "x"), "directories deep");
        assertThat(path("./a//b/./c/").toString()).isEqualTo("/a/b/c");
        assertThat(path("./").isRoot()).isTrue();
    }

    @Test
    void linksCannotMakeTheTreeDeeperThanItMayBe() {
        String deep = "d/".repeat(100);
        file(deep + "x");
        link("s", deep);
        refuses(() -> file("s/" + deep + "x"), "directories deep");
    }

    @Test
    void entriesAndNamesAreLimited() {
        FileTree small = new FileTree(new ImageLimits(1, 1, 3, 20, 10, 1, 0, 1, 1, 0));
        small.put(path("a"), new Node.Fifo(SOME));
        small.put(path("b"), new Node.Fifo(SOME));
        assertTooLarge(() -> small.put(path("c/d"), new Node.Fifo(SOME)), "more than 3 entries");
        FileTree names = new FileTree(new ImageLimits(1, 1, 30, 20, 10, 1, 0, 1, 1, 0));
        assertTooLarge(
                () -> names.put(path("a"), new Node.SymbolicLink(SOME, new byte[30])), "names take more than 20 bytes");
    }

    private void file(String path) {
        tree.put(path(path), new Node.RegularFile(SOME, Content.EMPTY));
    }

    private void link(String path, String target) {
        tree.put(path(path), new Node.SymbolicLink(SOME, target.getBytes(StandardCharsets.UTF_8)));
    }

    private Node node(String path) {
        Node node = tree.get(path(path));
        assertThat(node).as(path).isNotNull();
        return node;
    }

    private static TreePath path(String path) {
        return TreePath.parse(path.getBytes(StandardCharsets.UTF_8), ImageLimits.DEFAULT.depth());
    }

    private List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect(tree.root(), "", paths);
        return paths;
    }

    private static void collect(Directory directory, String prefix, List<String> paths) {
        directory.forEach((name, node) -> {
            String path = prefix + new String(name, StandardCharsets.UTF_8);
            paths.add(node instanceof Directory ? path + "/" : path);
            if (node instanceof Directory inner) {
                collect(inner, path + "/", paths);
            }
        });
    }

    private static void refuses(Runnable action, String why) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.IMAGE_INVALID))
                .hasMessageContaining(why);
    }

    private static void assertTooLarge(Runnable action, String why) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.IMAGE_TOO_LARGE))
                .hasMessageContaining(why);
    }
}
