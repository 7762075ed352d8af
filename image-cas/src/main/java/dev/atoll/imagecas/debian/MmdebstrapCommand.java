package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.source.DebianRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that assembles a root. */
final class MmdebstrapCommand {
    /** Files that the assembling itself writes are no newer than this, in seconds since 1970, so that they are the same each time. */
    static final String NEWEST_TIME = "1767225600";

    /** Not needed in a sandbox; licences stay. */
    private static final List<String> LEFT_OUT = List.of(
            "path-exclude=/usr/share/doc/*",
            "path-include=/usr/share/doc/*/copyright",
            "path-exclude=/usr/share/man/*",
            "path-exclude=/usr/share/info/*",
            "path-exclude=/usr/share/locale/*",
            "path-exclude=/usr/bin/*lto-dump*");

    /** Own processes and mounts: whatever is killed in whatever order, the kernel removes both. */
    static final List<String> ISOLATED = List.of(
            "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc");

    private MmdebstrapCommand() {}

    static List<String> of(DebianRecipe recipe, Path supervise, Path setup) {
        List<String> command = new ArrayList<>(ISOLATED);
        command.addAll(List.of("/bin/sh", supervise.toString(), "mmdebstrap"));
        command.addAll(List.of("--mode=root", "--variant=minbase", "--format=tar", "--verbose"));
        command.add("--aptopt=APT::Install-Recommends \"false\"");
        command.add("--aptopt=Acquire::Retries \"3\"");
        // What is being made is thrown away when power is lost, so nothing of it need be forced to disk.
        command.add("--dpkgopt=force-unsafe-io");
        LEFT_OUT.forEach(path -> command.add("--dpkgopt=" + path));
        command.add("--customize-hook=" + setup);
        if (!recipe.packages().isEmpty()) {
            command.add("--include=" + String.join(",", recipe.packages()));
        }
        command.add(recipe.suite());
        command.add("-");
        recipe.mirror().ifPresent(mirror -> command.addAll(sources(mirror, recipe.suite())));
        return command;
    }

    /** The release, its updates, and security updates where the mirror is one that has them beside it. */
    private static List<String> sources(String anyMirror, String suite) {
        String mirror = anyMirror.replaceAll("/+$", "");
        List<String> lines = new ArrayList<>();
        lines.add(line(mirror, suite));
        if (mirror.startsWith("http") && mirror.endsWith("/debian")) {
            lines.add(line(mirror, suite + "-updates"));
            lines.add(line(mirror + "-security", suite + "-security"));
        }
        return lines;
    }

    private static String line(String mirror, String suite) {
        return "deb [signed-by=" + Tools.KEYRING + "] " + mirror + " " + suite + " main";
    }
}
