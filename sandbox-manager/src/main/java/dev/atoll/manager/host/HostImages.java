package dev.atoll.manager.host;

import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/** A host's images. */
public interface HostImages {
    List<Image> images();

    /**
     * One image, after it is no longer being made or {@code wait} is over. With {@code make}, one that the host knows how to make is made
     * when it is missing or has failed.
     */
    Image image(ImageName name, boolean make, Duration wait);

    /** Reads the archive to its end and imports it under the name. The stream stays the caller's to close. */
    Image importArchive(ImageName name, InputStream archive);

    void remove(ImageName name);
}
