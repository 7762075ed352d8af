package dev.atoll.api.sandbox;

/** What the API says about the network of sandboxes: there is loopback and nothing else. */
public final class Network {
    /** The only mode. */
    public static final String MODE = "none";

    /** What it means. */
    public static final String DETAIL = "Loopback only; nothing outside the sandbox can be reached.";

    private Network() {}
}
