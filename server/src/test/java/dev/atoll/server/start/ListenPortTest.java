package dev.atoll.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemException;
import dev.atoll.server.settings.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenPortTest {
    @Test
    void aFreePortIsFine() {
        assertThatCode(() -> ListenPort.require(new ListenAddress("127.0.0.1", 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void aTakenPortIsRefusedWithTheOneWhoHasIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenAddress address = new ListenAddress("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> ListenPort.require(address)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().detail())
                        .contains(address.toString())
                        .contains("process " + ProcessHandle.current().pid());
                assertThat(e.problem().hint()).contains("ATOLL_LISTEN");
            });
        }
    }

    @Test
    void anAddressThatIsNotOursIsRefused() {
        assertThatThrownBy(() -> ListenPort.require(new ListenAddress("192.0.2.1", 0)))
                .hasMessageContaining("cannot listen on 192.0.2.1:0");
    }
}
