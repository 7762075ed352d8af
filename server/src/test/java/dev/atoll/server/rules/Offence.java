package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.stream.Collectors;

/** A broken rule: where, what, and what to do about it. */
record Offence(String where, String rule, String remedy) {

    /** Fails with one line for each offence. */
    static void failOnAny(List<Offence> offences) {
        if (!offences.isEmpty()) {
            fail(offences.stream()
                    .map(offence -> offence.where() + ": " + offence.rule() + ". Remedy: " + offence.remedy())
                    .collect(Collectors.joining("\n", offences.size() + " offences:\n", "")));
        }
    }
}
