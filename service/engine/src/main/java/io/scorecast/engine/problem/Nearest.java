package io.scorecast.engine.problem;

import java.util.Collection;
import java.util.Locale;

/** Words a message about an unknown name: the nearest known one, and what is known. */
public final class Nearest {

    private static final int SHOWN = 40;

    private Nearest() {}

    /** {@code no feature 'recency_day'; did you mean 'recency_days'? known: [recency_days, frequency]}. */
    public static String message(String what, String word, Collection<String> known) {
        StringBuilder text =
                new StringBuilder("no ").append(what).append(" '").append(word).append("'; ");
        String best = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        if (!best.isEmpty()) {
            text.append("did you mean '").append(best).append("'? ");
        }
        text.append("known: [");
        int shown = 0;
        for (String candidate : known) {
            if (shown == SHOWN) {
                text.append(", and ").append(known.size() - SHOWN).append(" more");
                break;
            }
            text.append(shown == 0 ? "" : ", ").append(candidate);
            shown++;
        }
        return text.append(']').toString();
    }

    /** Edits (insert, delete, replace) that turn one word into the other. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
