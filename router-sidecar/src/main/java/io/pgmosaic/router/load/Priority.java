package io.pgmosaic.router.load;

/** How much it matters that a request is served, from {@value #LOWEST} to {@value #HIGHEST}. */
public final class Priority {
    /** Background work that can be done at any time. */
    public static final int LOWEST = 1;
    /** What is worth more than anything else, such as the work of those who repair. */
    public static final int HIGHEST = 10;
    /** Of a request that says nothing. */
    public static final int DEFAULT = 5;

    private Priority() {}
}
