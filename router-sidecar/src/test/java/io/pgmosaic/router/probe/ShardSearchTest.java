package io.pgmosaic.router.probe;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShardSearchTest {
    private static final Server S0 = server("s0", 0);
    private static final Server S1 = server("s0", 1);
    private static final Server S2 = server("s0", 2);
    private static final ServerAnswer UNCLEAR = new ServerAnswer.Unclear();

    @Test
    void findsAPrimaryOfALaterTermWithTheStandbysThatFollowIt() {
        ShardTopology found = ShardSearch.decide(
                healthy("s0", 3), 3, Map.of(S0, new ServerAnswer.Standby(4), S1, primary(4), S2, standby(3)));
        assertThat(found).isEqualTo(new ShardTopology("s0", 4, S1, List.of(new Replica(S0, null)), null));
    }

    @Test
    void findsThePrimaryOfTheTermInWhichNoneWasKnown() {
        ShardTopology found =
                ShardSearch.decide(headless("s0", 4, "failing over"), 4, Map.of(S1, primary(4), S2, standby(4)));
        assertThat(found.primary()).isEqualTo(S1);
        assertThat(found.term()).isEqualTo(4);
    }

    @Test
    void keepsAPrimaryThatAnswersOrDoesNot() {
        for (ServerAnswer answer : List.of(primary(3), UNCLEAR)) {
            assertThat(ShardSearch.decide(healthy("s0", 3), 3, Map.of(S0, answer, S1, standby(3), S2, UNCLEAR)))
                    .isEqualTo(healthy("s0", 3));
        }
        assertThat(ShardSearch.decide(healthy("s0", 3), 3, Map.of())).isEqualTo(healthy("s0", 3));
    }

    @ParameterizedTest
    @EnumSource
    void givesUpAPrimaryThatSaysItIsNone(ServerAnswer.Why why) {
        ShardTopology found =
                ShardSearch.decide(healthy("s0", 3), 3, Map.of(S0, new ServerAnswer.None(why), S1, standby(3)));
        assertThat(found.primary()).isNull();
        assertThat(found.term()).isEqualTo(3);
        assertThat(found.replicas()).isEqualTo(healthy("s0", 3).replicas());
        assertThat(found.reason()).contains(S0.instance()).contains(why.text());
    }

    @Test
    void neverTakesAPrimaryOfALowerTermThanWasKnownOrThanAStandbyNames() {
        ShardTopology known = headless("s0", 5, "failing over");
        assertThat(ShardSearch.decide(known, 5, Map.of(S0, primary(4)))).isEqualTo(known);
        assertThat(ShardSearch.decide(known, 9, Map.of(S0, primary(8))))
                .returns(null, ShardTopology::primary)
                .returns(9L, ShardTopology::term);
        assertThat(ShardSearch.decide(healthy("s0", 5), 5, Map.of(S0, primary(5), S1, standby(6))))
                .returns(null, ShardTopology::primary)
                .returns(6L, ShardTopology::term);
    }

    @Test
    void takesNeitherOfTwoThatClaimOneTermAndSaysSo() {
        ShardTopology found =
                ShardSearch.decide(healthy("s0", 3), 3, Map.of(S0, primary(4), S1, primary(4), S2, standby(4)));
        assertThat(found.primary()).isNull();
        assertThat(found.reason()).contains("several servers", S0.instance(), S1.instance());
        assertThat(ShardSearch.decide(healthy("s0", 3), 3, Map.of(S0, primary(3), S1, primary(3)))
                        .primary())
                .as("not even the one that an operator named")
                .isNull();
        assertThat(ShardSearch.decide(healthy("s0", 3), 3, Map.of(S0, primary(3), S1, primary(4)))
                        .primary())
                .as("of different terms the higher one")
                .isEqualTo(S1);
    }

    // ---- whatever happened ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isNeverWrong(long seed) {
        check(ShardSearch::decide, seed);
    }

    @ParameterizedTest
    @EnumSource
    void rulesThatAreWrongAreCaught(WrongRule rule) {
        assertThatThrownBy(() -> check(rule, 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1");
    }

    interface Rule {
        ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers);
    }

    enum WrongRule implements Rule {
        /** Whoever claims to be a primary is one. */
        ANY_TERM {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                return answers.entrySet().stream()
                        .filter(answer -> answer.getValue() instanceof ServerAnswer.Primary)
                        .findFirst()
                        .map(answer -> with(known, term(answer.getValue()), answer.getKey()))
                        .orElse(known);
            }
        },
        /** The highest claim, whatever was known and whatever standbys say. */
        HIGHEST_CLAIM {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                return ShardSearch.decide(with(known, 0, null), 0, without(ServerAnswer.Standby.class, answers));
            }
        },
        /** Standbys are not listened to. */
        DEAF_TO_STANDBYS {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                return ShardSearch.decide(known, highest, without(ServerAnswer.Standby.class, answers));
            }
        },
        /** Of two that claim one term, the first. */
        FIRST_CLAIMANT {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                Map<Server, ServerAnswer> first = new LinkedHashMap<>();
                answers.forEach((server, answer) -> {
                    if (!first.containsValue(answer)) {
                        first.put(server, answer);
                    }
                });
                return ShardSearch.decide(known, highest, first);
            }
        },
        /** One that lets nobody in is a primary, too. */
        CLOSED_IS_OPEN {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                for (Map.Entry<Server, ServerAnswer> answer : answers.entrySet()) {
                    if (answer.getValue().equals(new ServerAnswer.None(ServerAnswer.Why.CLOSED))) {
                        return with(known, highest, answer.getKey());
                    }
                }
                return ShardSearch.decide(known, highest, answers);
            }
        },
        /** Silence is taken for a no. */
        SILENCE_IS_NO {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                Map<Server, ServerAnswer> loud = new LinkedHashMap<>(answers);
                loud.replaceAll((server, answer) ->
                        answer.equals(UNCLEAR) ? new ServerAnswer.None(ServerAnswer.Why.DOWN) : answer);
                return ShardSearch.decide(known, highest, loud);
            }
        },
        /** Nothing is ever found. */
        NOTHING {
            @Override
            public ShardTopology decide(ShardTopology known, long highest, Map<Server, ServerAnswer> answers) {
                return known;
            }
        };

        private static ShardTopology with(ShardTopology known, long term, @Nullable Server primary) {
            return new ShardTopology(known.shard(), term, primary, List.of(), primary == null ? "none" : null);
        }

        private static Map<Server, ServerAnswer> without(
                Class<? extends ServerAnswer> kind, Map<Server, ServerAnswer> answers) {
            Map<Server, ServerAnswer> rest = new LinkedHashMap<>(answers);
            rest.values().removeIf(kind::isInstance);
            return rest;
        }
    }

    /**
     * A shard's true history, and a router that heard of some of it; servers that answer as what they are in any term until now, or
     * do not, are closed, or lie.
     */
    private static void check(Rule rule, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long now = 2 + random.nextLong(6);
            Server truePrimary = server("s0", random.nextInt(3));
            ShardTopology known = knownTo(random, now, truePrimary);
            long highest = Math.max(known.term(), random.nextInt(8) == 0 ? known.term() + random.nextLong(2) : 0);
            Map<Server, ServerAnswer> answers = new LinkedHashMap<>();
            for (int ordinal : shuffled(random)) {
                Server server = server("s0", ordinal);
                answers.put(server, answer(random, server.equals(truePrimary), now));
            }
            String what = "seed %d, step %d: %s, highest %d, %s".formatted(seed, i, known, highest, answers);
            verify(what, known, highest, answers, rule.decide(known, highest, answers));
        }
    }

    private static ShardTopology knownTo(Random random, long now, Server truePrimary) {
        long term = 1 + random.nextLong(now);
        if (random.nextInt(4) == 0) {
            return headless("s0", term, "failing over");
        }
        Server primary = term == now ? truePrimary : server("s0", random.nextInt(3));
        return new ShardTopology("s0", term, primary, List.of(), null);
    }

    private static ServerAnswer answer(Random random, boolean isPrimary, long now) {
        return switch (random.nextInt(10)) {
            case 0 -> UNCLEAR;
            case 1 -> new ServerAnswer.None(ServerAnswer.Why.CLOSED);
            case 2 -> new ServerAnswer.None(ServerAnswer.Why.DOWN);
            // One that was cut off in an earlier term, or claims what it has no right to.
            case 3 -> primary(1 + random.nextLong(now));
            case 4 -> standby(1 + random.nextLong(now));
            default -> isPrimary ? primary(now) : standby(now);
        };
    }

    private static void verify(
            String what, ShardTopology known, long highest, Map<Server, ServerAnswer> answers, ShardTopology decided) {
        long top = Math.max(
                highest,
                answers.values().stream().mapToLong(ShardSearchTest::term).max().orElse(0));
        List<Server> claimants = new ArrayList<>();
        answers.forEach((server, answer) -> {
            if (answer.equals(primary(top))) {
                claimants.add(server);
            }
        });
        if (!decided.equals(known)) {
            assertThat(decided.term()).as(what).isEqualTo(top);
        } else {
            assertThat(decided.term() == top || (decided.primary() == null && claimants.isEmpty()))
                    .as("what is known is of the highest term, or nothing can be said: " + what)
                    .isTrue();
        }
        if (claimants.size() == 1) {
            assertThat(decided.primary()).as(what).isEqualTo(claimants.getFirst());
        } else if (claimants.size() > 1) {
            assertThat(decided.primary()).as(what).isNull();
        } else if (decided.primary() != null) {
            assertThat(decided).as(what).isEqualTo(known);
            assertThat(answers.get(decided.primary())).as(what).isEqualTo(UNCLEAR);
        } else if (known.primary() != null && known.term() == top) {
            assertThat(answers.get(known.primary())).as(what).isNotEqualTo(UNCLEAR);
        }
        decided.replicas().forEach(replica -> {
            assertThat(replica.lagMillis() == null || decided.term() == known.term())
                    .as(what)
                    .isTrue();
        });
        assertThat(decided.primary() == null).as(what).isEqualTo(decided.reason() != null);
    }

    private static List<Integer> shuffled(Random random) {
        List<Integer> ordinals = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(ordinals, random);
        return ordinals;
    }

    private static long term(ServerAnswer answer) {
        return switch (answer) {
            case ServerAnswer.Primary primary -> primary.term();
            case ServerAnswer.Standby standby -> standby.term();
            default -> 0;
        };
    }

    private static ServerAnswer primary(long term) {
        return new ServerAnswer.Primary(term);
    }

    private static ServerAnswer standby(long term) {
        return new ServerAnswer.Standby(term);
    }
}
