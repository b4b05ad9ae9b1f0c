package io.scorecast.server.security;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.EventJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link ApiKey}s as a line of flat JSON each, as Redis and the local copy hold them. */
final class ApiKeyText {

    private ApiKeyText() {}

    static String write(ApiKey key) {
        StringWriter text = new StringWriter(400);
        try (JsonGenerator out = EventJson.FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("id", key.id());
            out.writeStringField("name", key.name());
            out.writeStringField(
                    "scopes",
                    String.join(
                            " ", key.scopes().stream().map(Scope::text).sorted().toList()));
            out.writeStringField("hash", Crypto.hex(key.current().hash()));
            out.writeStringField("signing", Crypto.hex(key.current().signing()));
            ApiKey.Secret previous = key.previous();
            if (previous != null) {
                out.writeStringField("previous_hash", Crypto.hex(previous.hash()));
                out.writeStringField("previous_signing", Crypto.hex(previous.signing()));
                out.writeStringField("previous_until", Long.toString(key.previousUntil()));
            }
            out.writeStringField("created", Long.toString(key.created()));
            out.writeStringField("expires", Long.toString(key.expires()));
            out.writeStringField("revoked", Long.toString(key.revoked()));
            out.writeStringField("rate", Integer.toString(key.rate()));
            out.writeStringField("token_rate", Integer.toString(key.tokenRate()));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    /** Null if the text is no key: then that key opens nothing. */
    static @Nullable ApiKey read(String text) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser in = EventJson.FACTORY.createParser(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                fields.put(name, in.getText());
            }
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            for (String scope : text(fields, "scopes").split(" ", -1)) {
                scopes.add(Scope.of(scope));
            }
            boolean rotated = fields.containsKey("previous_hash");
            return new ApiKey(
                    text(fields, "id"),
                    text(fields, "name"),
                    scopes,
                    number(fields, "created"),
                    new ApiKey.Secret(Crypto.bytes(text(fields, "hash")), Crypto.bytes(text(fields, "signing"))),
                    rotated
                            ? new ApiKey.Secret(
                                    Crypto.bytes(text(fields, "previous_hash")),
                                    Crypto.bytes(text(fields, "previous_signing")))
                            : null,
                    rotated ? number(fields, "previous_until") : 0,
                    number(fields, "expires"),
                    number(fields, "revoked"),
                    (int) number(fields, "rate"),
                    (int) number(fields, "token_rate"));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(text(fields, name));
    }
}
