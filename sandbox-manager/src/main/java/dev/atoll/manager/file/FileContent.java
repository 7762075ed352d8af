package dev.atoll.manager.file;

import dev.atoll.model.file.FileEntry;

/**
 * A file, or lines of it, in memory.
 *
 * @param bytes belongs to whoever gets it
 * @param totalLines how many lines the file has, when lines were asked for; else 0
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once, never compared
public record FileContent(FileEntry entry, byte[] bytes, long totalLines) {}
