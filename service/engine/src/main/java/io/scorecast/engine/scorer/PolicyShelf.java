package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policies that were read, and those that could not be, so that a folder that has not changed is not read again for
 * the same outputs: rules are parsed and type-checked in one piece, and every look at the repository asks for them. Used by
 * one thread at a time.
 */
final class PolicyShelf {

    private static final int MOST = 64;

    private final Pace pace;

    private final Map<Key, Read> reads = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Read> eldest) {
            return size() > MOST;
        }
    };

    private record Key(Path folder, List<OutputSpec> outputs) {}

    private record Read(String stamp, @Nullable Policy policy, List<Problem> problems) {}

    PolicyShelf(Pace pace) {
        this.pace = pace;
    }

    /** The policy of a folder, for models with these outputs; null, with the reasons, if it does not fit. */
    @Nullable
    Policy read(Path folder, List<OutputSpec> outputs, Problems problems) {
        Key key = new Key(folder, outputs);
        String stamp = ModelRepository.stamp(folder);
        Read known = reads.get(key);
        if (known == null || !known.stamp().equals(stamp)) {
            Problems found = new Problems();
            Policy policy = Policy.read(folder, outputs, found);
            known = new Read(stamp, policy, found.list());
            reads.put(key, known);
            pace.pause();
        }
        known.problems().forEach(problems::add);
        return known.policy();
    }
}
