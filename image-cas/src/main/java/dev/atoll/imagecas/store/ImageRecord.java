package dev.atoll.imagecas.store;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageConfig;
import java.util.List;

/**
 * What is kept beside an image's file.
 *
 * @param id the image
 * @param sizeBytes size of the file
 * @param entries files, directories and links in it
 * @param config defaults for processes
 * @param source what it was first made from, in words
 * @param warnings what of the source could not be kept, one line each
 */
public record ImageRecord(
        ImageId id, long sizeBytes, long entries, ImageConfig config, String source, List<String> warnings) {
    public ImageRecord {
        warnings = List.copyOf(warnings);
    }
}
