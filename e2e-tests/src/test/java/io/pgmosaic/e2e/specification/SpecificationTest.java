package io.pgmosaic.e2e.specification;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

class SpecificationTest {
    private static final String SEED = "7";
    private static final String DEPTH = "60";

    @TempDir
    private Path work;

    /** All states of small models. A number of states that shrinks means that a model checks less than it did. */
    @ParameterizedTest
    @CsvSource({
        "ShardFailover, three, 7000",
        "ShardFailover, three-change, 700000",
        "ShardFailover, three-loss, 50000",
        "ShardFailover, two, 200000",
        "ShardFailover, two-preferred, 40000",
        "ShardLease, lease-two, 6000",
        "ShardLease, lease-three, 10000",
        "ShardLease, lease-three-long, 90000",
        "ShardSplit, split, 300000",
        "ShardSplit, split-back, 1000000",
    })
    void holdsInEveryState(String module, String model, long atLeast) throws Exception {
        Tlc.Result result = new Tlc(work).check(module, Tlc.model(model));
        System.out.printf("%s, %s: %s, all there are%n", module, model, result);
        assertThat(result.holds()).as(result.output()).isTrue();
        assertThat(result.distinct()).as(result.output()).isPositive();
        assertThat(result.states()).as(result.output()).isGreaterThanOrEqualTo(atLeast);
    }

    /** Large models, along random behaviours that are the same in each run. */
    @ParameterizedTest
    @CsvSource({"three-long, 2000", "four, 2000", "four-quorum, 2000"})
    void holdsAlongRandomBehaviours(String model, int traces) throws Exception {
        Tlc.Result result = new Tlc(work)
                .check("ShardFailover", Tlc.model(model), "-simulate", "num=" + traces, "-depth", DEPTH, "-seed", SEED);
        System.out.printf("ShardFailover, %s: %s, %d traces, seed %s%n", model, result, traces, SEED);
        assertThat(result.holds()).as(result.output()).isTrue();
        assertThat(result.states()).as(result.output()).isGreaterThan(30L * traces);
    }

    /** Each rule is needed: with a weaker one in its place, something is lost, and the checker finds how. */
    @ParameterizedTest
    @CsvSource({
        "ShardFailover, three, Quorum, EarlyQuorum, Durable",
        "ShardFailover, three, FollowingAfterPromise, StillFollowing, Durable",
        "ShardFailover, three, PromiseAfterRestart, ForgottenPromise, Durable",
        "ShardFailover, three, FarEnough, AnyIsFarEnough, Durable",
        "ShardFailover, three, Admits, AdmitsAll, Durable",
        "ShardFailover, three, EnoughToOpen, OpenAtOnce, ReadDurable",
        "ShardFailover, three-change, EnoughToOpen, OpenByAnySet, ReadDurable",
        "ShardFailover, three-changes, Newer, AnySequence, Durable",
        "ShardFailover, three-change, RecordedDuringChange, SmallerFirst, Durable",
        "ShardFailover, three-change, Proven, ProvenAtOnce, Durable",
        "ShardFailover, three-change, Settled, NotSettled, Durable",
        "ShardFailover, three-preferred, Proven, ProvenByNobody, Durable",
        "ShardFailover, three-failovers, NewSets, FirstAlone, Durable",
        "ShardFailover, three-loss, Answers, AnswersEmpty, Durable",
        "ShardFailover, three-loss, PromiseAfterLoss, PromiseLost, Durable",
        "ShardLease, lease-three, RecordStillSays, AnyRecord, OldIsSilent",
        "ShardLease, lease-three, CountsFrom, CountsFromArrival, OldIsSilent",
        "ShardLease, lease-three, AtStart, LeasedAtStart, OldIsSilent",
        "ShardLease, lease-three, WaitedForPromises, NoWait, OldIsSilent",
        "ShardLease, lease-three, Enough, FewPromises, OldIsSilent",
        "ShardLease, lease-three, PromisedNoHigher, ConfirmAnyway, OldIsSilent",
        "ShardSplit, split, Newer, AnyVersion, OneOwner",
        "ShardSplit, split, Newer, ThawInPlace, OneOwner",
        "ShardSplit, split, Present, AnyMap, OneOwner",
        "ShardSplit, split, Applied, NotApplied, NothingLost",
        "ShardSplit, split, Compared, NotCompared, NothingLost",
        "ShardSplit, split, MaySeal, OneWay, WayBack",
        "ShardSplit, split, MayReplace, ReplaceAnyhow, NothingLost",
        "ShardSplit, split, Silent, Loud, NothingLost",
        "ShardSplit, split, MayMakeReverse, ReverseAnew, NothingLost",
        "ShardSplit, split, MayPrune, PruneEarly, NothingLost",
    })
    void everyRuleIsNeeded(String module, String model, String rule, String weaker, String lost) throws Exception {
        String configuration = Tlc.model(model) + "CONSTANT " + rule + " <- " + weaker + "\n";
        // Without its two changes first, an older configuration takes the checker long to find.
        String focus = weaker.equals("AnySequence") ? "CONSTRAINT ChangesFirst\n" : "";
        Tlc.Result result = new Tlc(work).check(module + "Mutants", configuration + focus);
        System.out.printf("%s for %s: %s, %s%n", weaker, rule, result.violated(), result);
        assertThat(result.violated()).as(result.output()).isEqualTo(lost);
    }

    /** A primary that nobody reaches would serve on beside the next one. */
    @Test
    void aLeaseLongerThanTheWaitLetsTwoServe() throws Exception {
        String shorter =
                Pattern.compile("Wait = 2").matcher(Tlc.model("lease-three")).replaceFirst("Wait = 1");
        Tlc.Result result = new Tlc(work).check("ShardLease", shorter.replace("NoTwoServe OldIsSilent", "NoTwoServe"));
        assertThat(result.violated()).as(result.output()).isEqualTo("NoTwoServe");
    }

    @Test
    void aModelThatCannotBeReadDoesNotHold() throws Exception {
        Tlc.Result result = new Tlc(work).check("ShardLease", Tlc.model("lease-two") + "INVARIANT NoSuchInvariant\n");
        assertThat(result.holds()).as(result.output()).isFalse();
        assertThat(result.violated()).isEmpty();
    }
}
