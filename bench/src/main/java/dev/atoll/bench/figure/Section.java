package dev.atoll.bench.figure;

import com.grack.nanojson.JsonObject;
import java.util.List;

/** A part of a report. */
public sealed interface Section permits Latencies, Grid, Remark {
    /** What it is about, in a few words. */
    String title();

    /** For people: lines, each ended by a newline, the title not among them. */
    String text();

    /** For machines. */
    JsonObject json();

    /** Why operations failed, one text each. */
    List<String> failures();
}
