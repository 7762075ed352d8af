package dev.atoll.imagecas.tree;

/**
 * Who owns a file, what may be done with it and when it was changed.
 *
 * @param mode permission bits with set-user-id, set-group-id and sticky: 0 to 07777
 * @param uid owner, unsigned
 * @param gid group, unsigned
 * @param mtimeSeconds last change in seconds since 1970; never negative
 * @param mtimeNanos fraction of the second
 */
public record Attributes(int mode, int uid, int gid, long mtimeSeconds, int mtimeNanos) {
    /** For directories that an archive uses without naming them. */
    public static final Attributes IMPLIED_DIRECTORY = new Attributes(0755, 0, 0, 0, 0);

    public Attributes {
        mode &= 07777;
        mtimeSeconds = Math.max(0, mtimeSeconds);
    }
}
