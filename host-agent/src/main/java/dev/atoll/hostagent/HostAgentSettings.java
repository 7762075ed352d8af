package dev.atoll.hostagent;

import dev.atoll.hostagent.exec.ExecLimits;
import dev.atoll.hostagent.output.OutputSettings;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.hostagent.retained.RetentionSettings;
import dev.atoll.hostagent.sandbox.SandboxSettings;
import dev.atoll.imagecas.debian.BaseImage;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ImageSource;
import dev.atoll.isolation.runsc.RunscSettings;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.model.image.ImageName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * How a host agent runs.
 *
 * @param dataDirectory everything the agent keeps, for it alone; absolute, and at most {@value #MAX_DATA_DIRECTORY_CHARACTERS}
 *     characters, because
 *     sockets lie below it
 * @param runsc the runsc binary, absolute
 * @param platform how runsc intercepts system calls
 * @param cgroupParent the control group of all boxes; two agents on one host need two
 * @param memoryReserveBytes memory that is not promised to sandboxes: the platform, the kernel and the page cache live in it
 * @param bootsAtOnce boxes that boot at the same time
 * @param pool what is kept ready
 * @param recipes the images that this host knows how to make
 */
public record HostAgentSettings(
        Path dataDirectory,
        Path runsc,
        RuntimePlatform platform,
        String cgroupParent,
        long memoryReserveBytes,
        int bootsAtOnce,
        PoolSettings pool,
        Map<ImageName, ImageSource> recipes,
        ImageLimits imageLimits,
        SandboxSettings sandboxes,
        ExecLimits execs,
        OutputSettings output,
        RetentionSettings retention) {
    public static final int MAX_DATA_DIRECTORY_CHARACTERS = 60;

    private static final int CGROUP_DIGITS = 8;

    public static final long DEFAULT_MEMORY_RESERVE_BYTES = 2L << 30;

    public HostAgentSettings {
        recipes = Map.copyOf(recipes);
        if (!dataDirectory.isAbsolute() || dataDirectory.toString().length() > MAX_DATA_DIRECTORY_CHARACTERS) {
            throw new IllegalArgumentException("the data directory must be absolute and have at most "
                    + MAX_DATA_DIRECTORY_CHARACTERS + " characters: " + dataDirectory);
        }
        if (memoryReserveBytes < 0 || bootsAtOnce < 1) {
            throw new IllegalArgumentException("reserve or boots are out of range");
        }
    }

    /** The defaults for everything but the two paths: systrap, {@code base} from Debian's own archive, and nothing kept ready. */
    public static HostAgentSettings of(Path dataDirectory, Path runsc) {
        return new HostAgentSettings(
                dataDirectory,
                runsc,
                RuntimePlatform.SYSTRAP,
                cgroupParentOf(dataDirectory),
                DEFAULT_MEMORY_RESERVE_BYTES,
                defaultBootsAtOnce(),
                PoolSettings.off(),
                Map.of(BaseImage.NAME, BaseImage.recipe(Optional.empty())),
                ImageLimits.DEFAULT,
                SandboxSettings.DEFAULT,
                ExecLimits.DEFAULT,
                OutputSettings.DEFAULT,
                RetentionSettings.DEFAULT);
    }

    /**
     * The default control group of an agent with this data directory. It differs between data directories: an agent removes at its start
     * what it finds in its control group, and must never meet the boxes of another one there.
     */
    public static String cgroupParentOf(Path dataDirectory) {
        CRC32 sum = new CRC32();
        sum.update(dataDirectory.toString().getBytes(StandardCharsets.UTF_8));
        return RunscSettings.DEFAULT_CGROUP_PARENT + "-" + HexFormat.of().toHexDigits(sum.getValue(), CGROUP_DIGITS);
    }

    /** Two for each core: a boot waits for the kernel about half of its time. */
    private static int defaultBootsAtOnce() {
        return 2 * Runtime.getRuntime().availableProcessors();
    }

    public HostAgentSettings withRecipes(Map<ImageName, ImageSource> others) {
        return with(pool, others);
    }

    public HostAgentSettings withPool(PoolSettings other) {
        return with(other, recipes);
    }

    private HostAgentSettings with(PoolSettings otherPool, Map<ImageName, ImageSource> otherRecipes) {
        return new HostAgentSettings(
                dataDirectory,
                runsc,
                platform,
                cgroupParent,
                memoryReserveBytes,
                bootsAtOnce,
                otherPool,
                otherRecipes,
                imageLimits,
                sandboxes,
                execs,
                output,
                retention);
    }
}
