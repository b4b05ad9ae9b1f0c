package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.scoring.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of an answer a caller wants to see. Every view is cut from the whole answer's bytes, so all views of a cached answer
 * agree, and one cache entry serves them all.
 *
 * @param models whose outputs are wanted; null for all
 * @param limit the most items of a list
 */
record AnswerView(@Nullable Set<String> models, int limit) {

    /** Whether it is the whole answer. */
    boolean isWhole() {
        return models == null && limit == Integer.MAX_VALUE;
    }

    /**
     * The bytes of this view.
     *
     * @throws ApiException 404 if a wanted model is not live
     */
    byte[] of(Answer answer) {
        if (isWhole()) {
            return answer.body();
        }
        PredictionSchema schema = answer.schema();
        checkModels(schema);
        Set<String> dropped = new HashSet<>();
        Map<String, Integer> lists = new HashMap<>();
        for (PredictionSchema.Score score : schema.scores()) {
            if (!isWanted(score.model())) {
                dropped.addAll(List.of(score.name(), score.name() + "_band", score.name() + "_percentile"));
            }
        }
        for (PredictionSchema.Items list : schema.lists()) {
            int shown = isWanted(list.model()) ? Math.min(limit, list.shown()) : 0;
            if (isWanted(list.model())) {
                lists.put(list.name(), shown);
            } else {
                dropped.add(list.name());
            }
            for (int place = shown + 1; place <= list.shown(); place++) {
                for (String part : PredictionSchema.ITEM_PARTS) {
                    dropped.add(list.flatPrefix() + "_" + place + "_" + part);
                }
            }
        }
        return Json.bytes(out -> copy(answer.body(), dropped, lists, out));
    }

    private void checkModels(PredictionSchema schema) {
        if (models != null) {
            for (String model : models) {
                if (!schema.versions().containsKey(model)) {
                    throw ApiException.notFound(Nearest.message(
                            "model", model, schema.versions().keySet().stream().toList()));
                }
            }
        }
    }

    private boolean isWanted(String model) {
        return models == null || models.contains(model);
    }

    private static void copy(byte[] body, Set<String> dropped, Map<String, Integer> lists, JsonGenerator out)
            throws IOException {
        try (JsonParser in = EventJson.FACTORY.createParser(body)) {
            in.nextToken();
            out.writeStartObject();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                if (dropped.contains(name)) {
                    in.skipChildren();
                    continue;
                }
                out.writeFieldName(name);
                Integer most = lists.get(name);
                if (most == null) {
                    copyValue(in, out);
                } else {
                    copyFirst(in, most, out);
                }
            }
            out.writeEndObject();
        }
    }

    private static void copyFirst(JsonParser in, int most, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i < most) {
                copyValue(in, out);
            } else {
                in.skipChildren();
            }
        }
        out.writeEndArray();
    }

    /** Numbers are copied digit by digit. */
    private static void copyValue(JsonParser in, JsonGenerator out) throws IOException {
        int depth = 0;
        while (true) {
            JsonToken token = in.currentToken();
            if (token.isNumeric()) {
                out.writeNumber(in.getText());
            } else {
                out.copyCurrentEvent(in);
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return;
            }
            in.nextToken();
        }
    }

    /**
     * One field's bare value: {@code segments} joined by bars.
     *
     * @return null if the answer has no such field
     */
    static @Nullable String text(Answer answer, String field) {
        try (JsonParser in = EventJson.FACTORY.createParser(answer.body())) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = in.currentName().equals(field);
                JsonToken value = in.nextToken();
                if (found) {
                    return value == JsonToken.START_ARRAY ? joined(in, field) : scalar(in, field);
                }
                in.skipChildren();
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("our own answer is no JSON", e);
        }
    }

    private static String joined(JsonParser in, String field) throws IOException {
        StringBuilder text = new StringBuilder();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            text.append(text.isEmpty() ? "" : "|").append(scalar(in, field));
        }
        return text.toString();
    }

    private static String scalar(JsonParser in, String field) throws IOException {
        if (in.currentToken().isStructStart()) {
            throw ApiException.badRequest("field", "'" + field + "' is not one value; format=text gives one");
        }
        return in.getText();
    }
}
