package io.scorecast.server.serving;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an instance tells the others of itself.
 *
 * @param name host and port, for people
 * @param seen when it last told, epoch milliseconds by its own clock; never compared with another's
 * @param wanted what it was looking for: the repository's content, pins and challengers
 * @param serving fingerprint of the Scorer that it answers with; empty if none
 * @param prepared fingerprint of the Scorer that it has ready for {@code wanted}; empty if there is none, or nothing is to
 *     be changed
 * @param versions what it answers with
 */
public record Instance(
        String name, long seen, String wanted, String serving, String prepared, Map<String, Integer> versions) {

    public Instance {
        versions = Map.copyOf(versions);
    }

    /** Whether it has answered about something wanted: it can serve it, or has looked and cannot. */
    boolean hasAnswered(String what, String fingerprint) {
        return wanted.equals(what) || serving.equals(fingerprint) || prepared.equals(fingerprint);
    }

    /** Whether there is nothing new to tell but the time. */
    boolean sameAs(Instance other) {
        return wanted.equals(other.wanted)
                && serving.equals(other.serving)
                && prepared.equals(other.prepared)
                && versions.equals(other.versions);
    }

    /** As it stands in Redis. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (String line : new String[] {name, Long.toString(seen), wanted, serving, prepared}) {
            text.append(line).append('\n');
        }
        new TreeMap<>(versions)
                .forEach((model, version) ->
                        text.append(model).append('=').append(version).append('\n'));
        return text.toString();
    }

    /** What {@link #text} wrote; null if it is something else. */
    static @Nullable Instance parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 5) {
            return null;
        }
        try {
            Map<String, Integer> versions = new TreeMap<>();
            for (int i = 5; i < lines.length && lines[i].indexOf('=') > 0; i++) {
                int equals = lines[i].indexOf('=');
                versions.put(lines[i].substring(0, equals), Integer.parseInt(lines[i].substring(equals + 1)));
            }
            return new Instance(lines[0], Long.parseLong(lines[1]), lines[2], lines[3], lines[4], versions);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
