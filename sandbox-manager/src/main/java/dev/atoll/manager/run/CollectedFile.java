package dev.atoll.manager.run;

import dev.atoll.model.problem.Problem;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file that was asked for, or why it is not here.
 *
 * @param path as it was found, or as it was asked for when it was not
 * @param size bytes it has, whether or not they are here
 * @param content all of it; empty when there is a problem
 */
@SuppressWarnings("ArrayRecordComponent") // read once, stored once, never shared
public record CollectedFile(String path, long size, OptionalInt mode, byte[] content, Optional<Problem> problem) {
    static CollectedFile missing(String path, long size, Problem why) {
        return new CollectedFile(path, size, OptionalInt.empty(), new byte[0], Optional.of(why));
    }
}
