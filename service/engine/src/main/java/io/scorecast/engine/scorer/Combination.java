package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the versions that go live together. Validity belongs to the combination: no two models may write the same field,
 * and the rules may name only what the models give. Combinations are tried from the one that everybody wants down, those
 * that give up least first; so a model that renames an output waits for the policy that follows it, and both go live at
 * once.
 */
final class Combination {

    /** What giving up a model altogether counts, in versions. */
    private static final int WITHOUT = 1_000;

    private static final int MOST_TRIED = 300;

    private final List<Candidates> models;
    private final PolicyCandidates policies;
    private final List<Scorer> known;
    private final ScorerSettings settings;
    private final ScorerMetrics metrics;
    private List<ModelVersion> chosen = List.of();
    private int policyRank;

    Combination(
            List<Candidates> models,
            PolicyCandidates policies,
            List<Scorer> known,
            ScorerSettings settings,
            ScorerMetrics metrics) {
        this.models = models;
        this.policies = policies;
        this.known = known;
        this.settings = settings;
        this.metrics = metrics;
    }

    /**
     * Ranks that are tried together.
     *
     * @param ranks of each model's version, and last of the policy
     */
    private record Attempt(List<Integer> ranks, int cost) {}

    /** The best combination that is valid, one of the known Scorers if it is that; null if there is none. */
    @Nullable
    Scorer choose() {
        PriorityQueue<Attempt> open = new PriorityQueue<>(Comparator.comparingInt(Attempt::cost));
        Set<List<Integer>> seen = new HashSet<>();
        Integer[] first = new Integer[models.size() + 1];
        Arrays.fill(first, 0);
        push(new Attempt(List.of(first), 0), open, seen);
        for (int tried = 0; tried < MOST_TRIED && !open.isEmpty(); tried++) {
            Attempt next = open.remove();
            Scorer found = attempt(next);
            if (found != null) {
                return found;
            }
            for (int i = 0; i <= models.size(); i++) {
                Attempt worse = worse(next, i);
                if (worse != null) {
                    push(worse, open, seen);
                }
            }
        }
        return null;
    }

    private static void push(Attempt attempt, PriorityQueue<Attempt> open, Set<List<Integer>> seen) {
        if (seen.add(attempt.ranks())) {
            open.add(attempt);
        }
    }

    /** Gives up one more version in one place; null if there is nothing left there to give up. */
    private @Nullable Attempt worse(Attempt attempt, int place) {
        int rank = attempt.ranks().get(place);
        if (rank == WITHOUT) {
            return null;
        }
        boolean last = place == models.size()
                ? rank + 1 >= policies.size()
                : models.get(place).get(rank + 1) == null;
        if (last && place == models.size()) {
            return null;
        }
        List<Integer> ranks = new ArrayList<>(attempt.ranks());
        ranks.set(place, last ? WITHOUT : rank + 1);
        return new Attempt(ranks, attempt.cost() + (last ? WITHOUT : 1));
    }

    private @Nullable Scorer attempt(Attempt attempt) {
        List<ModelVersion> versions = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            int rank = attempt.ranks().get(i);
            ModelVersion version = rank == WITHOUT ? null : models.get(i).get(rank);
            if (version != null) {
                versions.add(version);
            } else if (rank != WITHOUT) {
                return null; // There is no valid version at all: the attempt without the model follows.
            }
        }
        if (versions.isEmpty()) {
            return null;
        }
        policyRank = attempt.ranks().getLast();
        Problems problems = new Problems();
        Scorer scorer = plan(versions, policyRank, problems);
        if (scorer != null) {
            chosen = versions;
        } else if (!policies.isEmpty()) {
            policies.refuse(policyRank, problems.list());
        }
        return scorer;
    }

    /** Plans versions and the policy of a rank; null, with the reasons, if they do not go together. */
    @Nullable
    Scorer plan(List<ModelVersion> versions, int rank, Problems problems) {
        AnswerFields fields = new AnswerFields();
        for (ModelVersion version : versions) {
            fields.claim(version.toString(), version.name(), version.manifest().outputs(), problems);
        }
        if (!problems.isEmpty()) {
            return null;
        }
        Policy policy = null;
        if (!policies.isEmpty()) {
            policy = policies.read(rank, versions, problems);
            if (policy == null || !fields.claim(source(policy), policy, problems)) {
                return null;
            }
        }
        String fingerprint = Fingerprint.of(versions, policy, settings);
        for (Scorer scorer : known) {
            if (scorer.fingerprint().equals(fingerprint)) {
                return scorer;
            }
        }
        Scorer scorer = new Scorer(versions, policy, settings, metrics);
        if (policy != null) {
            new PolicyCheck(scorer, source(policy), problems).run(policy.folder());
        }
        if (!problems.isEmpty()) {
            scorer.close();
            return null;
        }
        return scorer;
    }

    private static String source(Policy policy) {
        return ScorerLoader.POLICY + "/" + policy.version();
    }

    /** Why valid versions of a model that rank before its chosen one were passed over, by version. */
    Map<Integer, List<Problem>> refusals(Candidates candidates, @Nullable ModelVersion serving) {
        Map<Integer, List<Problem>> refusals = new HashMap<>();
        for (ModelVersion passedOver : candidates.before(serving)) {
            List<ModelVersion> versions = new ArrayList<>(chosen);
            versions.remove(serving);
            versions.add(passedOver);
            Problems problems = new Problems();
            Scorer scorer = plan(versions, policyRank, problems);
            if (scorer != null && !known.contains(scorer)) {
                scorer.close();
            }
            refusals.put(
                    passedOver.version(),
                    problems.isEmpty()
                            ? List.of(Problem.of(
                                    Objects.toString(passedOver), "it does not go together with the other versions"))
                            : problems.list());
        }
        return refusals;
    }
}
