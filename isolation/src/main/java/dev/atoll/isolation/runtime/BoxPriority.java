package dev.atoll.isolation.runtime;

/** How a box stands towards all other boxes of its host when there is not CPU time enough for all. */
public enum BoxPriority {
    /** For boxes that nobody waits for, such as those booted ahead of need: next to nothing while others want CPU. */
    BACKGROUND,
    /**
     * For boxes that have wanted CPU for long: all that is left over, and hardly anything the moment that a box of normal priority wants
     * it. A thread of such a box wakes up at once, where it would otherwise wait for the end of somebody's time slice. Before Linux
     * 5.15 as {@link #BACKGROUND}.
     */
    YIELDING,
    /** A share in proportion to the CPU that the box was made with. */
    NORMAL
}
