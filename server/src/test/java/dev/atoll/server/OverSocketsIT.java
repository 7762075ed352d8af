package dev.atoll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The control plane and the host agent with a real socket between them, as they will be on two machines. */
class OverSocketsIT {
    private static HostLink tcp(List<ServerServiceDefinition> services) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addServices(services)
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        return new HostLink(server, channel);
    }

    @Test
    void everythingWorksOverASocket() {
        try (TestingPlatform platform = TestingPlatform.start(OverSocketsIT::tcp)) {
            String sandbox = platform.sandbox();
            Answer exec = platform.sh(sandbox, "cat /proc/version; yes | head -c 3000000 | sha256sum");
            assertThat(exec.at("/output/stdout/text")).contains("Linux version");
            Answer failed = platform.client()
                    .request("POST", "/v1/sandboxes/" + sandbox + "/execs")
                    .json("{\"argv\":[\"true\"],\"user\":\"nobody-here\"}")
                    .send();
            assertThat(failed.code()).as("a problem crosses the socket").isEqualTo("user_not_found");
            Answer cat = platform.client()
                    .post("/v1/sandboxes/" + sandbox + "/execs", "{\"argv\":[\"sha256sum\"],\"stdin\":true}");
            String path = "/v1/sandboxes/" + sandbox + "/execs/" + cat.at("/id");
            platform.client()
                    .request("POST", path + "/input?offset=0&close=true&wait=30s")
                    .bytes("application/octet-stream", new byte[1_000_000])
                    .send();
            assertThat(platform.client().get(path + "?wait=60s").at("/output/stdout/text"))
                    .startsWith("d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025");
            platform.delete(sandbox);
        }
    }
}
