package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What follows for a shard from what its servers answered. Pure.
 *
 * <pre>
 * top       = the highest of: the highest term that the router knows, the terms that primaries and standbys name
 * claimants = primaries of term top
 *
 * one claimant, the one that is known in that term -> as before
 * one claimant                                     -> it is the primary; replicas: the standbys that follow term top
 * several claimants                                -> no primary, in term top: one of them is wrong, and nobody knows which
 * none, and what is known is of a lower term       -> no primary, in term top
 * none, and the known primary says that it is none -> no primary, in term top
 * none otherwise                                   -> as before: silence proves nothing
 * </pre>
 *
 * <p>A primary of a lower term than a standby names is one that was replaced, or is being: it cannot acknowledge anything that
 * lasts, and its lease ends. How far a standby lags is unknown, since it is asked once and not watched.
 */
final class ShardSearch {
    private ShardSearch() {}

    /**
     * What to answer with from now on; {@code known} itself when nothing changes. Its term is never lower than {@code highest}
     * unless it is {@code known}.
     *
     * @param known what is answered now
     * @param highest term that the router knows of the shard
     */
    static ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
        long top = Math.max(highest, known.term());
        for (ServerAnswer answer : answers.values()) {
            top = Math.max(top, term(answer));
        }
        List<Server> claimants = serversThatAre(new ServerAnswer.Primary(top), answers);
        if (claimants.size() > 1) {
            return without(
                    known,
                    top,
                    "several servers say that they are the primary of term " + top + ": "
                            + claimants.stream().map(Server::instance).collect(Collectors.joining(", ")),
                    answers);
        }
        if (claimants.size() == 1) {
            Server primary = claimants.getFirst();
            return known.term() == top && primary.equals(known.primary())
                    ? known
                    : new ShardTopology(known.shard(), top, primary, replicas(top, answers), null);
        }
        if (known.term() < top) {
            return without(known, top, "the primary of term " + top + " was not found", answers);
        }
        String why = known.primary() == null ? null : whyNone(known.primary(), top, answers.get(known.primary()));
        return why == null ? known : without(known, top, why, answers);
    }

    private static long term(ServerAnswer answer) {
        return switch (answer) {
            case ServerAnswer.Primary primary -> primary.term();
            case ServerAnswer.Standby standby -> standby.term();
            case ServerAnswer.None none -> 0;
            case ServerAnswer.Unclear unclear -> 0;
        };
    }

    private static @Nullable String whyNone(Server primary, long term, @Nullable ServerAnswer answer) {
        String name = "the primary " + primary.instance();
        return switch (answer) {
            case null -> null;
            case ServerAnswer.Unclear unclear -> null;
            case ServerAnswer.None none -> name + " " + none.why().text();
            case ServerAnswer.Standby standby -> name + " is a standby now";
            case ServerAnswer.Primary other -> name + " says that it is one of term " + other.term() + ", not " + term;
        };
    }

    /** The replicas stay while the term does: what was told of them grows old by itself. */
    private static ShardTopology without(
            ShardTopology known, long term, String why, Map<Server, ServerAnswer> answers) {
        List<Replica> replicas = known.term() == term ? known.replicas() : replicas(term, answers);
        return new ShardTopology(
                known.shard(), term, null, replicas, why + " (its servers were asked; no operator is heard)");
    }

    private static List<Replica> replicas(long term, Map<Server, ServerAnswer> answers) {
        return serversThatAre(new ServerAnswer.Standby(term), answers).stream()
                .map(server -> new Replica(server, null))
                .toList();
    }

    private static List<Server> serversThatAre(ServerAnswer wanted, Map<Server, ServerAnswer> answers) {
        List<Server> found = new ArrayList<>();
        answers.forEach((server, answer) -> {
            if (answer.equals(wanted)) {
                found.add(server);
            }
        });
        found.sort(Comparator.comparing(Server::instance));
        return found;
    }
}
