package dev.atoll.model.file;

import java.time.Instant;
import java.util.Optional;

/**
 * What a sandbox says about one file. Everything in it is the sandbox's word.
 *
 * @param path as it was asked for, or below the directory that was
 * @param size bytes; for a link the length of its target
 * @param mode permission bits with setuid, setgid and sticky: 0 to 07777
 * @param target where a symbolic link points; the link may dangle
 * @param sha256 of the content, when it was asked for and the file is a regular one
 */
public record FileEntry(
        FilePath path,
        FileType type,
        long size,
        int mode,
        long uid,
        long gid,
        Instant modifiedAt,
        Optional<FilePath> target,
        Optional<Sha256> sha256) {}
