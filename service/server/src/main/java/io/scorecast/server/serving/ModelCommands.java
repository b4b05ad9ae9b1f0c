package io.scorecast.server.serving;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What callers may ask of the models. Each either does what it says, here and for all instances, or throws a
 * {@link ModelRefusal} and changes nothing. Used by the manager's thread.
 */
final class ModelCommands {

    private final ServingLoop loop;
    private final Lineup lineup;

    ModelCommands(ServingLoop loop) {
        this.loop = loop;
        this.lineup = loop.lineup();
    }

    ServingReport rescan() {
        loop.settle();
        return loop.awaitActivation();
    }

    ServingReport pin(String model, int version) {
        return pin(model, version, loop.challengers());
    }

    /**
     * Pins a version.
     *
     * @param left the challengers that stay
     */
    private ServingReport pin(String model, int version, Map<String, Challenge> left) {
        checkKnown(model, version);
        Map<String, Integer> wanted = new TreeMap<>(loop.pins());
        wanted.put(model, version);
        Loaded loaded = loop.load(wanted, left);
        check(loaded, model, version);
        try {
            loop.fleet().pin(model, version);
            if (!left.containsKey(model) && loop.challengers().containsKey(model)) {
                loop.fleet().endChallenge(model);
            }
        } catch (RuntimeException e) {
            lineup.drop(loaded);
            throw e;
        }
        loop.setPins(wanted);
        loop.setChallengers(left);
        return loop.install(loaded);
    }

    ServingReport unpin(String model) {
        checkKnown(model);
        Map<String, Integer> wanted = new TreeMap<>(loop.pins());
        wanted.remove(model);
        loop.fleet().unpin(model);
        loop.setPins(wanted);
        loop.propose();
        return loop.awaitActivation();
    }

    ServingReport rollback(String model) {
        checkKnown(model);
        Integer before = lineup.before(model);
        if (before == null) {
            throw ModelRefusal.conflict("there is no version of " + model + " before the live one", List.of());
        }
        return pin(model, before);
    }

    ServingReport challenge(Challenge challenge) {
        String name = challenge.model() + "/" + challenge.version();
        checkKnown(challenge.model(), challenge.version());
        if (Integer.valueOf(challenge.version()).equals(lineup.serving(challenge.model()))) {
            throw ModelRefusal.conflict(name + " is live itself", List.of());
        }
        Map<String, Challenge> wanted = new TreeMap<>(loop.challengers());
        wanted.put(challenge.model(), challenge);
        List<Problem> problems = lineup.stand(wanted);
        if (!lineup.stands(challenge)) {
            lineup.stand(loop.challengers());
            throw ModelRefusal.conflict(name + " cannot be a challenger", problems);
        }
        try {
            loop.fleet().challenge(challenge);
        } catch (RuntimeException e) {
            lineup.stand(loop.challengers());
            throw e;
        }
        loop.setChallengers(wanted);
        return loop.propose();
    }

    ServingReport endChallenge(String model) {
        challenger(model);
        loop.fleet().endChallenge(model);
        loop.setChallengers(without(model));
        lineup.stand(loop.challengers());
        loop.propose();
        return loop.awaitActivation();
    }

    ServingReport promote(String model) {
        Challenge challenge = challenger(model);
        return pin(model, challenge.version(), without(model));
    }

    private Challenge challenger(String model) {
        checkKnown(model);
        Challenge challenge = loop.challengers().get(model);
        if (challenge == null) {
            throw ModelRefusal.unknown("the model '" + model + "' has no challenger");
        }
        return challenge;
    }

    private Map<String, Challenge> without(String model) {
        Map<String, Challenge> left = new TreeMap<>(loop.challengers());
        left.remove(model);
        return left;
    }

    private void check(Loaded loaded, String model, int version) {
        if (loaded.scorer() == null || !Integer.valueOf(version).equals(Lineup.version(loaded.scorer(), model))) {
            List<Problem> problems = loaded.versions().stream()
                    .filter(status -> status.model().equals(model) && status.version() == version)
                    .flatMap(status -> status.problems().stream())
                    .toList();
            lineup.drop(loaded);
            throw ModelRefusal.conflict(model + "/" + version + " cannot be served", problems);
        }
    }

    private void checkKnown(String model) {
        ServingReport report = loop.report();
        if (report.versions().stream().noneMatch(status -> status.model().equals(model))) {
            throw ModelRefusal.unknownModel(model, report.versions());
        }
    }

    private void checkKnown(String model, int version) {
        loop.look();
        checkKnown(model);
        ServingReport report = loop.report();
        if (report.versions().stream()
                .noneMatch(status -> status.model().equals(model) && status.version() == version)) {
            throw ModelRefusal.unknownVersion(model, version, report.versions());
        }
    }
}
