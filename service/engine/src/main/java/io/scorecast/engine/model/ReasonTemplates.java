package io.scorecast.engine.model;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says under {@code reasons}: for each feature the words in which its value is a reason, such as
 * {@code "bought {value} {value:time|times} in 30 days"}. {@code {value}} stands for the number, {@code {value:one|other}}
 * for the word that goes with it, {@code {percent}} for a share in percent, {@code {word}} for what a column of a vector is
 * about.
 */
final class ReasonTemplates {

    private static final int LONGEST = 200;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern PLURAL = Pattern.compile("value:[^|:]+\\|[^|:]+");
    private static final List<String> PLAIN = List.of("value", "percent", "word");

    private ReasonTemplates() {}

    /**
     * Checks them; what is wrong is reported at its place.
     *
     * @param reasons null if there are none
     * @param ofPairs the names of the features of pairs
     */
    static void check(@Nullable YamlNode reasons, FeatureSet features, List<String> ofPairs) {
        if (reasons == null) {
            return;
        }
        if (!reasons.isMapping()) {
            reasons.problem("expected a text for each feature, found " + reasons.found());
            return;
        }
        for (Map.Entry<String, YamlNode> reason : reasons.entries().entrySet()) {
            YamlNode template = reason.getValue();
            int feature = features.indexOf(reason.getKey());
            if (feature < 0 && !ofPairs.contains(reason.getKey())) {
                List<String> known = Stream.concat(features.names().stream(), ofPairs.stream())
                        .toList();
                template.problem(Nearest.message("feature", reason.getKey(), known));
            } else if (feature >= 0 && features.type(feature) == FeatureType.TEXT) {
                template.problem("the feature '" + reason.getKey() + "' is a text, which no model can read");
            } else {
                check(template, feature >= 0 && features.type(feature) != FeatureType.NUMBER);
            }
        }
    }

    private static void check(YamlNode template, boolean isVector) {
        String text = template.text();
        if (!template.isScalar()) {
            return;
        }
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            template.problem("a reason is a text of 1 to " + LONGEST + " characters on one line");
            return;
        }
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (!PLAIN.contains(name) && !PLURAL.matcher(name).matches()) {
                template.problem(
                        "there is no placeholder '{" + name
                                + "}'; there are {value}, {value:one|other}, {percent} and {word}",
                        text.codePointCount(0, placeholder.start()));
            } else if (name.equals("word") && !isVector) {
                template.problem(
                        "{word} is for the columns of a vector; this feature is one number",
                        text.codePointCount(0, placeholder.start()));
            }
        }
        String rest = placeholder.reset().replaceAll("");
        if (rest.contains("{") || rest.contains("}")) {
            template.problem("a brace stands alone in '" + text + "'");
        }
    }
}
