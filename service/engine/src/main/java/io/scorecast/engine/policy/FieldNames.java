package io.scorecast.engine.policy;

import io.scorecast.engine.model.AnswerNames;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.problem.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The answer's fields that are taken, while a policy adds its own. */
final class FieldNames {

    private final Map<String, String> owners = new HashMap<>();

    FieldNames(List<OutputSpec> outputs) {
        for (OutputSpec output : outputs) {
            for (String field : output.fields()) {
                owners.put(field, "the output '" + output.name() + "' of a model");
            }
        }
    }

    /** Takes a field; false, with a problem, if it cannot be. */
    boolean claim(String field, String owner, YamlNode place) {
        if (!AnswerNames.isName(field)) {
            place.problem(
                    "a field of the answer begins with a-z and goes on with a-z, 0-9 and _, found '" + field + "'");
            return false;
        }
        if (AnswerNames.isReserved(field)) {
            place.problem("'" + field + "' is a field of the answer itself, or a word of the rules");
            return false;
        }
        String other = owners.putIfAbsent(field, owner);
        if (other != null) {
            place.problem("the answer's field '" + field + "' is already written by " + other);
        }
        return other == null;
    }
}
