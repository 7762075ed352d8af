package dev.atoll.api.operations;

import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.sandbox.Network;
import dev.atoll.manager.host.Hosts;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.EnvironmentLimits;
import dev.atoll.model.sandbox.SandboxLimits;
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
        writeLimits(json);
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
        json.writeArrayPropertyStart("pools");
        seen.pools().forEach(pool -> writePool(json, pool));
        json.writeEndArray();
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

    private static void writeLimits(JsonGenerator json) {
        json.writeObjectPropertyStart("limits");
        json.writeStringProperty("max_wait", TimeSpan.format(HttpLimits.MAX_WAIT));
        json.writeNumberProperty("max_json_bytes", HttpLimits.MAX_JSON_BYTES);
        json.writeNumberProperty("max_input_bytes", HttpLimits.MAX_INPUT_BYTES);
        json.writeNumberProperty("max_image_bytes", HttpLimits.MAX_IMAGE_BYTES);
        json.writeNumberProperty("max_env_bytes", EnvironmentLimits.MAX_BYTES);
        json.writeNumberProperty("max_argv_bytes", ExecSpec.MAX_ARGV_BYTES);
        json.writeNumberProperty("inline_output_bytes", HttpLimits.INLINE_OUTPUT_BYTES);
        json.writeNumberProperty("max_socket_message_bytes", HttpLimits.MAX_SOCKET_MESSAGE_BYTES);
        json.writeStringProperty("min_cpu", SandboxLimits.MIN_CPU.toString());
        json.writeStringProperty("max_cpu", SandboxLimits.MAX_CPU.toString());
        json.writeStringProperty("min_memory", SandboxLimits.MIN_MEMORY.toString());
        json.writeStringProperty("max_memory", SandboxLimits.MAX_MEMORY.toString());
        json.writeStringProperty("min_disk", SandboxLimits.MIN_DISK.toString());
        json.writeStringProperty("max_disk", SandboxLimits.MAX_DISK.toString());
        json.writeNumberProperty("min_pids", SandboxLimits.MIN_PIDS);
        json.writeNumberProperty("max_pids", SandboxLimits.MAX_PIDS);
        json.writeStringProperty("max_ttl", TimeSpan.format(SandboxLimits.MAX_TTL));
        json.writeEndObject();
    }
}
