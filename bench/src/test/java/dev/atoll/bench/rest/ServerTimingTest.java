package dev.atoll.bench.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerTimingTest {
    @Test
    void entriesAreReadInTheirOrder() {
        assertThat(ServerTiming.parse("auth;dur=0.25, db;desc=\"a, b\";dur=1.5 ,agent ; dur=2"))
                .containsEntry("auth", 250_000L)
                .containsEntry("agent", 2_000_000L);
        assertThat(ServerTiming.parse("api;dur=1, api;dur=2")).containsExactly(java.util.Map.entry("api", 3_000_000L));
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        assertThat(ServerTiming.parse("")).isEmpty();
        assertThat(ServerTiming.parse("miss, db;dur=x, ;dur=1, cache;desc=\"hit\""))
                .isEmpty();
    }
}
