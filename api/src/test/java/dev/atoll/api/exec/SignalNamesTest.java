package dev.atoll.api.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalNamesTest {
    @ParameterizedTest
    @CsvSource({
        "SIGHUP,1",
        "SIGINT,2",
        "SIGKILL,9",
        "SIGUSR1,10",
        "SIGTERM,15",
        "SIGCHLD,17",
        "SIGSTOP,19",
        "SIGWINCH,28",
        "SIGSYS,31",
        "SIGRTMIN,34",
        "SIGRTMIN+1,35",
        "SIGRTMIN+30,64"
    })
    void namesAndNumbersGoTogether(String name, int number) {
        assertThat(SignalNames.number(name)).isEqualTo(number);
        assertThat(SignalNames.of(number)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TERM", "sigterm", "SIG", "SIGFOO", "9", "SIGRTMIN+31", "SIGRTMIN+0", "SIGRTMIN-1"})
    void refusesOtherNames(String name) {
        assertThatThrownBy(() -> SignalNames.number(name)).hasMessageContaining("not the name of a signal");
    }

    @Test
    void theLibrarysOwnSignalsStillHaveAName() {
        assertThat(SignalNames.of(32)).startsWith("SIG");
    }
}
