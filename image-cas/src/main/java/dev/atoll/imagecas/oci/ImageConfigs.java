package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.tree.Refusals;
import dev.atoll.model.image.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Takes from an OCI image configuration what processes inherit. */
final class ImageConfigs {
    private static final int MAX_ENV_BYTES = 64 << 10;
    private static final int MAX_TEXT = 1024;

    private ImageConfigs() {}

    static ImageConfig of(JsonNode config) {
        JsonNode json = config.path("config");
        List<String> env = new ArrayList<>();
        int bytes = 0;
        for (JsonNode entry : json.path("Env")) {
            String text = entry.asString("");
            bytes += text.length();
            if (text.indexOf('=') <= 0 || text.indexOf('\0') >= 0 || bytes > MAX_ENV_BYTES) {
                throw Refusals.archive("the environment in its configuration is not valid or too large");
            }
            env.add(text);
        }
        if (env.stream().noneMatch(entry -> entry.startsWith("PATH="))) {
            env.addAll(ImageConfig.NONE.env());
        }
        String workingDir = text(json, "WorkingDir", ImageConfig.NONE.workingDir());
        if (!workingDir.startsWith("/")) {
            throw Refusals.archive("the working directory in its configuration is not absolute");
        }
        return new ImageConfig(env, workingDir, text(json, "User", ImageConfig.NONE.user()));
    }

    private static String text(JsonNode json, String key, String otherwise) {
        String value = json.path(key).asString("");
        if (value.length() > MAX_TEXT || value.chars().anyMatch(c -> c < ' ')) {
            throw Refusals.archive("the '" + key + "' in its configuration is not valid");
        }
        return value.isEmpty() ? otherwise : value;
    }
}
