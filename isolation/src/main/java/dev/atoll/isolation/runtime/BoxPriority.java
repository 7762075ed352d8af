package dev.atoll.isolation.runtime;

/** How a box stands towards all other boxes of its host when there is not CPU time enough for all. */
public enum BoxPriority {
    /** For boxes that nobody waits for, such as those booted ahead of need: next to nothing while others want CPU. */
    BACKGROUND,
    /** A share in proportion to the CPU that the box was made with. */
    NORMAL
}
