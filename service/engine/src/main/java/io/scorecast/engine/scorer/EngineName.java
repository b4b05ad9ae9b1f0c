package io.scorecast.engine.scorer;

import io.scorecast.engine.model.CodeOrigin;
import io.scorecast.engine.model.ModelRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Names what proves versions: the engine's own code, byte by byte, the libraries, the Java, the kind of machine, and the
 * settings that go into features. What one has proven another has not.
 */
final class EngineName {

    private static final int BYTES = 16;

    private EngineName() {}

    static String of(ScorerSettings settings, List<ModelRuntime> runtimes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            CodeOrigin.digest(EngineName.class, digest);
            StringBuilder text = new StringBuilder();
            for (ModelRuntime runtime : runtimes) {
                text.append(runtime.name())
                        .append(' ')
                        .append(runtime.release())
                        .append('\n');
            }
            text.append(System.getProperty("java.vm.version"))
                    .append(' ')
                    .append(System.getProperty("os.name"))
                    .append(' ')
                    .append(System.getProperty("os.arch"))
                    .append('\n')
                    .append(settings.ageLimit())
                    .append(' ')
                    .append(settings.sourcePriority().names());
            digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (IOException e) {
            return UUID.randomUUID().toString(); // Nobody can tell, so nothing is believed.
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
