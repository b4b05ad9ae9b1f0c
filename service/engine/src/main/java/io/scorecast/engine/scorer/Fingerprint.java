package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.prediction.PredictionJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer depends on besides the profile and time, as a short name. */
final class Fingerprint {

    /** Raised with every change of the engine that may change an answer of an unchanged model. */
    static final int ENGINE = 1;

    private static final int BYTES = 12;

    private Fingerprint() {}

    static String of(List<ModelVersion> models, @Nullable Policy policy, ScorerSettings settings) {
        StringBuilder text = new StringBuilder();
        text.append("engine ").append(ENGINE).append("\nformat ").append(PredictionJson.FORMAT);
        for (ModelVersion model : models) {
            text.append('\n').append(model.name()).append('/').append(model.version());
            text.append(' ')
                    .append(model.checksum())
                    .append(' ')
                    .append(model.model().engine());
        }
        if (policy != null) {
            text.append("\npolicy/").append(policy.version()).append(' ').append(policy.checksum());
        }
        text.append("\nsettings ")
                .append(settings.ageLimit())
                .append(' ')
                .append(settings.sourcePriority().names());
        if (settings.consentRequired()) {
            text.append(" consent required");
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
