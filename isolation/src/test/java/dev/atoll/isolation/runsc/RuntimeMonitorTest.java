package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeMonitorTest {
    @Test
    void theMonitorIsTheThreadThatWasStartedFirst() {
        assertThat(RuntimeMonitor.firstStarted(700, List.of(702L, 700L, 701L, 940L)))
                .hasValue(701);
    }

    @Test
    void idsThatBeganAnewComeAfterTheOthers() {
        assertThat(RuntimeMonitor.firstStarted(32_767, List.of(301L, 32_767L, 300L)))
                .hasValue(300);
        assertThat(RuntimeMonitor.firstStarted(32_766, List.of(300L, 32_766L, 32_767L)))
                .hasValue(32_767);
    }

    @Test
    void aProcessMayHaveOneThreadOnly() {
        assertThat(RuntimeMonitor.firstStarted(700, List.of(700L))).isEmpty();
    }

    @Test
    void aSentryThatIsGoneIsLeftAlone() {
        assertThatCode(() -> RuntimeMonitor.slowDown(Integer.MAX_VALUE)).doesNotThrowAnyException();
    }
}
