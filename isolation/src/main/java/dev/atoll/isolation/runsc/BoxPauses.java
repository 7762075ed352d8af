package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxId;
import java.io.IOException;

/**
 * Pauses and resumes boxes so that doing either twice is harmless, which the sentry's own calls are not: it counts its pauses,
 * so that after a second one a single resume is not enough, and it dies when it is resumed without having been paused. The mark
 * on disk outlives this process.
 */
final class BoxPauses {

    private final BoxRecords records;

    BoxPauses(BoxRecords records) {
        this.records = records;
    }

    void pause(BoxId id, BoxCalls box) {
        try {
            if (!records.isSet(id, BoxRecords.Mark.PAUSED)) {
                records.set(id, BoxRecords.Mark.PAUSED);
                box.pause();
            }
        } catch (IOException failed) {
            throw RunscProblems.files("write down that box " + id + " is paused", failed);
        }
    }

    void resume(BoxId id, BoxCalls box) {
        try {
            if (records.isSet(id, BoxRecords.Mark.PAUSED)) {
                box.resume();
                records.clear(id, BoxRecords.Mark.PAUSED);
            }
        } catch (IOException failed) {
            throw RunscProblems.files("write down that box " + id + " runs", failed);
        }
    }
}
