package dev.atoll.cli.attach;

import com.grack.nanojson.JsonObject;

/** How a time at a command's terminal ended. */
public sealed interface Ending {
    /** The command ended; {@code exec} says how. */
    record Ended(JsonObject exec) implements Ending {}

    /** The detach keys were pressed: the command goes on. */
    record Detached() implements Ending {}
}
