package dev.atoll.model.image;

import java.util.List;

/**
 * What an image says about the processes run from it, after the OCI image configuration: it fills in what an exec leaves out.
 *
 * @param env {@code NAME=value} entries
 * @param workingDir absolute path, {@code /} when the image says none
 * @param user {@code name}, {@code uid} or {@code user:group}; {@code 0} when the image says none
 */
public record ImageConfig(List<String> env, String workingDir, String user) {
    /** The configuration of an image that says nothing. */
    public static final ImageConfig NONE =
            new ImageConfig(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), "/", "0");

    public ImageConfig {
        env = List.copyOf(env);
    }
}
