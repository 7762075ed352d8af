package dev.atoll.imagecas.source;

/**
 * What an image may be at most. Archives come from strangers, so everything that grows with their bytes has a limit here.
 *
 * @param uploadBytes size of an uploaded file as it arrives
 * @param contentBytes sum of the sizes of all files an archive holds, unpacked
 * @param entries files, directories and links that an archive or the finished tree holds
 * @param nameBytes sum of the lengths of all names and link targets
 * @param depth directories below one another
 * @param expansionRatio unpacked bytes for each byte that was read
 * @param expansionFloorBytes unpacked bytes below which the ratio does not matter
 * @param layers layers of an OCI image
 * @param manifestBytes size of each JSON document of an OCI image
 * @param reserveBytes room on the disk that making an image never uses up
 */
public record ImageLimits(
        long uploadBytes,
        long contentBytes,
        int entries,
        long nameBytes,
        int depth,
        int expansionRatio,
        long expansionFloorBytes,
        int layers,
        int manifestBytes,
        long reserveBytes) {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    public static final ImageLimits DEFAULT =
            new ImageLimits(32 * GIB, 64 * GIB, 1_000_000, 64 * MIB, 128, 100, GIB, 127, 4 << 20, 256 * MIB);

    public ImageLimits {
        if (uploadBytes <= 0 || contentBytes <= 0 || entries <= 0 || nameBytes <= 0 || depth <= 0 || depth > 512) {
            throw new IllegalArgumentException("image limits must be positive and the depth at most 512");
        }
        if (expansionRatio <= 0 || expansionFloorBytes < 0 || layers <= 0 || manifestBytes <= 0 || reserveBytes < 0) {
            throw new IllegalArgumentException("image limits must not be negative");
        }
    }
}
