package dev.atoll.model.image;

/** Where an image stands. */
public enum ImageState {
    /** It is being made or imported; {@link Image#progress} says how far. */
    MAKING,
    /** It can be used. */
    READY,
    /** It could not be made; {@link Image#progress} says why. Asking for it again tries again. */
    FAILED
}
