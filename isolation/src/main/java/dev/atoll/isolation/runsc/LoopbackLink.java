package dev.atoll.isolation.runsc;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;

/**
 * The one interface of a box without a network: {@code lo}, with 127.0.0.1/8 and ::1. runsc's own {@code start} sets it
 * up before it starts PID 1; whoever starts over the control socket has to do the same. Field names are those of the
 * sentry's {@code CreateLinksAndRoutesArgs}; masks are bytes.
 */
record LoopbackLink(
        @JsonProperty("Name") String name,
        @JsonProperty("Addresses") List<Address> addresses,
        @JsonProperty("Routes") List<Route> routes) {

    /** Says what links a box gets when it starts; builds before July 2026 lack it. */
    static final String METHOD = "containerManager.SetNetworkArgs";

    /** The same for older builds, which make the links at once. */
    static final String OLDER_METHOD = "Network.CreateLinksAndRoutes";

    private static final LoopbackLink LO = new LoopbackLink(
            "lo",
            List.of(new Address("127.0.0.1", 8), new Address("::1", 128)),
            List.of(route("127.0.0.0", 0xff, 0, 0, 0), route("::1", allOnes())));

    /** The argument of both methods. */
    static Links only() {
        return new Links(List.of(LO));
    }

    record Links(@JsonProperty("LoopbackLinks") List<LoopbackLink> loopbackLinks) {}

    record Address(
            @JsonProperty("Address") String address,
            @JsonProperty("PrefixLen") int prefixLength) {}

    record Route(@JsonProperty("Destination") Destination destination) {}

    @SuppressWarnings("ArrayRecordComponent") // Jackson writes bytes as base64, which is how Go reads a mask
    record Destination(
            @JsonProperty("IP") String ip,
            @JsonProperty("Mask") byte[] mask) {}

    private static Route route(String ip, int... mask) {
        byte[] bytes = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            bytes[i] = (byte) mask[i];
        }
        return new Route(new Destination(ip, bytes));
    }

    private static int[] allOnes() {
        int[] mask = new int[16];
        Arrays.fill(mask, 0xff);
        return mask;
    }
}
