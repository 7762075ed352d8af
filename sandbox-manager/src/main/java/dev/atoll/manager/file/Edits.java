package dev.atoll.manager.file;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes text in files exactly: what is written is what was read with that change and no other. Thread-safe. */
public final class Edits {
    /** Bytes of a file that can be edited: it is held in memory. */
    public static final int MAX_BYTES = 16 << 20;

    /** Someone else's writes in between are met with a fresh read, so often. */
    static final int ATTEMPTS = 5;

    private final Files files;

    public Edits(Files files) {
        this.files = files;
    }

    /**
     * What came of an edit.
     *
     * @param entry the file afterwards, with its hash
     * @param replaced how many places were changed
     */
    public record Result(FileEntry entry, int replaced) {}

    /**
     * Replaces text in a file, atomically. Throws {@code edit_no_match}, {@code edit_ambiguous}, {@code file_too_large}, and {@code
     * file_changed} when the file does not hold still.
     */
    public Result edit(FileAccess access, FilePath path, TextEdit edit) {
        for (int attempt = 1; ; attempt++) {
            FileContent content = files.read(access, new FileOperation.Read(path, 0, MAX_BYTES + 1L), MAX_BYTES);
            TextEdit.Edited edited = edit.apply(path, content.bytes());
            try {
                return new Result(write(access, path, content.bytes(), edited.bytes()), edited.replaced());
            } catch (ProblemException e) {
                if (e.problem().code() != ProblemCode.FILE_CHANGED || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private FileEntry write(FileAccess access, FilePath path, byte[] read, byte[] edited) {
        FileOperation.Write write = new FileOperation.Write(
                path, Optional.empty(), false, OptionalInt.empty(), Optional.of(sha256(read)), false);
        try {
            FileEvent.Done done = files.write(access, write, new ByteArrayInputStream(edited));
            return done.entry().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    static Sha256 sha256(byte[] bytes) {
        try {
            return new Sha256(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
