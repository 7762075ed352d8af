package dev.atoll.server.rules;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.atoll.server.rules.SourceTree.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.ToolProvider;

/** Finds the methods of Java files by the compiler's own parser, and the functions of C and shell by their layout. */
final class MethodLengths {

    private static final Pattern FUNCTION_START = Pattern.compile("^[A-Za-z_].*\\{$|^\\{$");
    /** Types look like functions in the first column and are none. */
    private static final Pattern TYPE_START =
            Pattern.compile("^(typedef\\s+)?(struct|enum|union)\\s+\\w*\\s*\\{$|.*=\\s*\\{$");

    private MethodLengths() {}

    /** A method or function: {@code line} is where it begins, both in lines. */
    record Method(String path, String name, long line, long length) {}

    static List<Method> ofJava(List<SourceFile> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var methods = new ArrayList<Method>();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var units = manager.getJavaFileObjectsFromPaths(
                    files.stream().map(SourceFile::file).toList());
            var task = (JavacTask) compiler.getTask(null, manager, diagnostic -> {}, null, null, units);
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        long start = positions.getStartPosition(unit, method);
                        long end = positions.getEndPosition(unit, method);
                        if (start != Diagnostic.NOPOS && end != Diagnostic.NOPOS) {
                            long first = unit.getLineMap().getLineNumber(start);
                            long last = unit.getLineMap().getLineNumber(end);
                            methods.add(
                                    new Method(pathOf(unit), method.getName().toString(), first, last - first + 1));
                        }
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return methods;
    }

    private static String pathOf(CompilationUnitTree unit) {
        return SourceTree.root()
                .relativize(Path.of(unit.getSourceFile().toUri()))
                .toString();
    }

    static List<Method> ofFlat(SourceFile file) {
        var methods = new ArrayList<Method>();
        int start = -1;
        for (int i = 0; i < file.lines().size(); i++) {
            var line = file.lines().get(i);
            if (FUNCTION_START.matcher(line).find() && !TYPE_START.matcher(line).matches()) {
                start = i;
            } else if (line.startsWith("}")) {
                if (start >= 0) {
                    methods.add(new Method(file.path(), file.lines().get(start), start + 1L, i - start + 1L));
                }
                start = -1;
            }
        }
        return methods;
    }
}
