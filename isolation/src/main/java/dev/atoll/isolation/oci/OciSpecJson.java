package dev.atoll.isolation.oci;

import tools.jackson.databind.json.JsonMapper;

/** Writes an {@link OciSpec} as {@code config.json}. */
public final class OciSpecJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private OciSpecJson() {}

    /** The file's content, UTF-8. */
    public static byte[] write(OciSpec spec) {
        return MAPPER.writeValueAsBytes(spec);
    }
}
