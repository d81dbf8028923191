package io.pgmosaic.operator.split;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a part's objects are called in the databases of its two shards. A split that is deleted and declared again under its
 * name has other ones, so that nothing is mistaken for what another split left.
 */
public final class SplitNames {
    /** That of every such object, and of nothing else. */
    public static final String PREFIX = "mosaic_s_";

    private static final Pattern STEM = Pattern.compile("(" + PREFIX + "([0-9a-z]+)_[0-9]+)(_[a-z]+)?");

    private final String stem;

    /**
     * @param uid of the {@code ShardSplit}, as Kubernetes gave it
     * @param part its place among the targets, from 0
     */
    public SplitNames(String uid, int part) {
        this.stem = PREFIX + word(uid) + "_" + part;
        if (stem.length() > 60) {
            throw new IllegalArgumentException("too long for the name of a replication slot: " + stem);
        }
    }

    private static String word(String uid) {
        return uid.replace("-", "");
    }

    /** The stem of an object's name; empty when no split gives such a one. */
    public static Optional<String> stemOf(String name) {
        Matcher found = STEM.matcher(name);
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Whether a stem is that of a part of one of these splits, by what Kubernetes gave them. */
    public static boolean isOfOne(String stem, Collection<String> uids) {
        Matcher found = STEM.matcher(stem);
        return found.matches() && uids.stream().map(SplitNames::word).anyMatch(found.group(2)::equals);
    }

    /** Of publication, slot and subscription by which the source's changes come to the target. */
    public String forward() {
        return stem + "_f";
    }

    /** Of those by which the target's changes come back. */
    public String reverse() {
        return stem + "_r";
    }

    /** The split as its rows in {@code mosaic.moving} name it: without the suffix of a direction. */
    public String stem() {
        return stem;
    }
}
