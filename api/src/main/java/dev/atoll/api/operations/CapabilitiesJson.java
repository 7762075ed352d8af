package dev.atoll.api.operations;

import dev.atoll.api.sandbox.Network;
import dev.atoll.manager.host.Hosts;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostKeeping;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes what the platform is and can do. */
final class CapabilitiesJson {
    private CapabilitiesJson() {}

    static void write(JsonGenerator json, String version, List<Hosts.Seen> hosts) {
        json.writeStartObject();
        json.writeStringProperty("version", version);
        json.writeArrayPropertyStart("hosts");
        hosts.forEach(host -> writeHost(json, host));
        json.writeEndArray();
        json.writeObjectPropertyStart("network");
        json.writeArrayPropertyStart("modes");
        json.writeString(Network.MODE);
        json.writeEndArray();
        json.writeStringProperty("detail", Network.DETAIL);
        json.writeEndObject();
        LimitsJson.write(json);
        json.writeEndObject();
    }

    private static void writeHost(JsonGenerator json, Hosts.Seen seen) {
        HostDescription host = seen.description();
        json.writeStartObject();
        json.writeStringProperty("id", host.id().value());
        json.writeStringProperty("hostname", host.hostname());
        json.writeObjectPropertyStart("runtime");
        json.writeStringProperty("name", "runsc");
        json.writeStringProperty("version", host.runtimeVersion());
        json.writeStringProperty("platform", host.platform());
        json.writeArrayPropertyStart("features");
        host.features().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
        json.writeObjectPropertyStart("capacity");
        json.writeStringProperty("cpu", new CpuAmount(host.capacity().cpuMillis()).toString());
        json.writeStringProperty("memory", new MemorySize(host.capacity().memoryBytes()).toString());
        json.writeEndObject();
        writeKeeping(json, host.keeping());
        json.writeArrayPropertyStart("pools");
        seen.pools().forEach(pool -> writePool(json, pool));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeKeeping(JsonGenerator json, HostKeeping keeping) {
        json.writeObjectPropertyStart("keeping");
        json.writeNumberProperty("exec_output_bytes", keeping.execOutputBytes());
        json.writeNumberProperty("execs_per_sandbox", keeping.execs());
        json.writeStringProperty("ended_for", TimeSpan.format(keeping.endedFor()));
        json.writeNumberProperty("ended_output_bytes", keeping.endedBytes());
        json.writeNumberProperty("ended_sandboxes", keeping.endedSandboxes());
        json.writeEndObject();
    }

    private static void writePool(JsonGenerator json, HostPool pool) {
        json.writeStartObject();
        json.writeStringProperty("image", pool.name().value());
        json.writeStringProperty("image_id", pool.image().value());
        json.writeStringProperty("cpu", pool.size().cpu().toString());
        json.writeStringProperty("memory", pool.size().memory().toString());
        json.writeStringProperty("disk", pool.size().disk().toString());
        json.writeNumberProperty("pids", pool.size().pids());
        json.writeNumberProperty("ready", pool.ready());
        json.writeNumberProperty("booted", pool.booted());
        json.writeNumberProperty("making", pool.making());
        json.writeNumberProperty("target", pool.target());
        json.writeEndObject();
    }
}
