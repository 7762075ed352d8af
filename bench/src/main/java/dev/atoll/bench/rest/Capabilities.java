package dev.atoll.bench.rest;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;

/**
 * What the platform says it is.
 *
 * @param version of the runtime of its first host
 * @param platform how that runtime catches system calls
 * @param keepsReady whether it knows of sandboxes that are kept ready
 * @param pools what all hosts keep ready
 */
public record Capabilities(String version, String platform, boolean keepsReady, List<Pool> pools) {
    /**
     * Sandboxes of one template that are kept ready on one host.
     *
     * @param ready how many can be had at once
     * @param booted how many have booted and are not started
     * @param making how many are being made
     * @param target how many should be ready
     */
    public record Pool(String image, String cpu, String memory, int ready, int booted, int making, int target) {
        /** Whether nothing is being made for it, nor about to be. */
        boolean isSettled() {
            return making == 0 && ready >= target;
        }

        boolean serves(Template template) {
            return image.equals(template.image())
                    && Quantities.cpuMillis(cpu) == Quantities.cpuMillis(template.cpu())
                    && Quantities.bytes(memory) == Quantities.bytes(template.memory());
        }
    }

    /** What an answer of the platform says. */
    public static Capabilities of(JsonObject json) {
        List<JsonObject> hosts = objects(json.getArray("hosts"));
        JsonObject runtime =
                hosts.isEmpty() ? new JsonObject() : hosts.getFirst().getObject("runtime");
        return new Capabilities(
                runtime.getString("version", "?"),
                runtime.getString("platform", "?"),
                hosts.stream().anyMatch(host -> host.has("pools")),
                hosts.stream()
                        .flatMap(host -> objects(host.getArray("pools", new JsonArray())).stream())
                        .map(Capabilities::pool)
                        .toList());
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private static Pool pool(JsonObject json) {
        return new Pool(
                json.getString("image", ""),
                json.getString("cpu", "0"),
                json.getString("memory", "0"),
                json.getInt("ready", 0),
                json.getInt("booted", 0),
                json.getInt("making", 0),
                json.getInt("target", 0));
    }

    /** Whether nothing is being made behind anyone's back. */
    public boolean isSettled() {
        return pools.stream().allMatch(Pool::isSettled);
    }

    /** How many sandboxes of a template can be had at once. */
    public int ready(Template template) {
        return pools.stream()
                .filter(pool -> pool.serves(template))
                .mapToInt(Pool::ready)
                .sum();
    }

    /** How many boxes the pools hold that run. */
    public int running() {
        return pools.stream().mapToInt(Pool::ready).sum();
    }

    /** How many boxes the pools hold and make. */
    public int pooled() {
        return pools.stream()
                .mapToInt(pool -> pool.ready() + pool.booted() + pool.making())
                .sum();
    }
}
