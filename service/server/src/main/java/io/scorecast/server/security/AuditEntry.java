package io.scorecast.server.security;

import io.scorecast.server.store.AuditStore.Stored;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entry of the audit record.
 *
 * @param sequence its place, from 1
 * @param at when, RFC 3339
 * @param who the name of a key, or who acted without one
 * @param action what, {@code model.pinned}
 * @param target to what; customers as keyed hashes
 * @param outcome what came of it
 * @param detail more, or empty
 * @param instance where
 * @param previous the hash of the entry before; {@link #NONE} before the first
 * @param hash of all this
 */
public record AuditEntry(
        long sequence,
        String at,
        String who,
        String action,
        String target,
        String outcome,
        String detail,
        String instance,
        String previous,
        String hash) {

    /** Before the first entry. */
    public static final String NONE = "0".repeat(64);

    /** An entry with the hash that it must have. */
    static AuditEntry next(
            long sequence,
            String at,
            String who,
            String action,
            String target,
            String outcome,
            String detail,
            String instance,
            String previous) {
        AuditEntry open = new AuditEntry(sequence, at, who, action, target, outcome, detail, instance, previous, "");
        return new AuditEntry(
                sequence, at, who, action, target, outcome, detail, instance, previous, open.computedHash());
    }

    static AuditEntry of(Stored stored) {
        Map<String, String> fields = stored.fields();
        return new AuditEntry(
                stored.sequence(),
                fields.getOrDefault("at", ""),
                fields.getOrDefault("who", ""),
                fields.getOrDefault("action", ""),
                fields.getOrDefault("target", ""),
                fields.getOrDefault("outcome", ""),
                fields.getOrDefault("detail", ""),
                fields.getOrDefault("instance", ""),
                fields.getOrDefault("previous", ""),
                fields.getOrDefault("hash", ""));
    }

    /** All but the sequence, in the order of the record's page. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("at", at);
        fields.put("who", who);
        fields.put("action", action);
        fields.put("target", target);
        fields.put("outcome", outcome);
        fields.put("detail", detail);
        fields.put("instance", instance);
        fields.put("previous", previous);
        fields.put("hash", hash);
        return fields;
    }

    /** SHA-256 over every field with its length before it, so that no two entries are the same text. */
    String computedHash() {
        StringBuilder text = new StringBuilder(400).append(sequence).append('\n');
        fields().forEach((name, value) -> {
            if (!name.equals("hash")) {
                text.append(name)
                        .append(' ')
                        .append(value.length())
                        .append(' ')
                        .append(value)
                        .append('\n');
            }
        });
        return Crypto.hex(Crypto.sha256(text.toString()));
    }
}
