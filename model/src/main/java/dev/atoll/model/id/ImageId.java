package dev.atoll.model.id;

/** The id of an image: {@code img_} and 20 characters of lower-case base32. */
public record ImageId(String value) implements Id {
    public static final String PREFIX = "img_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public ImageId {
        value = IdFormat.require(PREFIX, "an image", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
