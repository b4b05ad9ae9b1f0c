package io.scorecast.engine.scorer;

import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.problem.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who writes which field of an answer: no two may write the same. */
final class AnswerFields {

    private final Map<String, String> owners = new HashMap<>();

    AnswerFields() {
        PredictionSchema.RESERVED.forEach(field -> owners.put(field, "every answer"));
    }

    /** Begins with what another has. */
    AnswerFields(AnswerFields other) {
        owners.putAll(other.owners);
    }

    /** Claims the fields of a model's outputs, all or, with the reasons among the problems, none. */
    boolean claim(String source, String model, List<OutputSpec> outputs, Problems problems) {
        List<String> fields = new ArrayList<>();
        outputs.forEach(output -> fields.addAll(output.fields()));
        return claimAll(source, "the model '" + model + "'", fields, problems);
    }

    /** Claims the fields that a policy adds, all or none. */
    boolean claim(String source, Policy policy, Problems problems) {
        List<String> fields = new ArrayList<>(policy.points());
        fields.addAll(policy.responses());
        return claimAll(source, "the policy", fields, problems);
    }

    private boolean claimAll(String source, String owner, List<String> fields, Problems problems) {
        int before = problems.size();
        for (String field : fields) {
            String other = owners.get(field);
            if (other != null) {
                problems.add(source, "the answer's field '" + field + "' is already written by " + other);
            }
        }
        if (problems.size() > before) {
            return false;
        }
        fields.forEach(field -> owners.put(field, owner));
        return true;
    }
}
