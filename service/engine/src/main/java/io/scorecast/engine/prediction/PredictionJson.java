package io.scorecast.engine.prediction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the predictions of one schema as JSON. The names of all fields are encoded once, here; no field is ever null:
 * what has no value is left out. Immutable and shared by threads.
 */
public final class PredictionJson {

    /** Part of the fingerprint: raise it whenever the same prediction would be written as other bytes. */
    public static final int FORMAT = 2;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    /** The names within an object of a list. */
    private static final ItemNames ITEM = ItemNames.of("");

    private static final double LARGEST_EXACT_LONG = 1L << 53;

    private final PredictionSchema schema;
    private final List<ScoreNames> scores = new ArrayList<>();
    private final List<ListNames> lists = new ArrayList<>();
    private final List<SerializableString> points;

    public PredictionJson(PredictionSchema schema) {
        this.schema = schema;
        for (PredictionSchema.Score score : schema.scores()) {
            scores.add(new ScoreNames(
                    name(score.name()),
                    name(score.name() + "_band"),
                    score.bands().stream().map(PredictionJson::name).toList(),
                    name(score.name() + "_percentile")));
        }
        for (PredictionSchema.Items list : schema.lists()) {
            List<ItemNames> flat = new ArrayList<>();
            for (int place = 1; place <= list.shown(); place++) {
                flat.add(ItemNames.of(list.flatPrefix() + "_" + place + "_"));
            }
            lists.add(new ListNames(name(list.name()), List.copyOf(flat)));
        }
        points = schema.points().stream().map(PredictionJson::name).toList();
    }

    /**
     * Encodes a prediction.
     *
     * @param models the models whose outputs are wanted, null for all of them
     * @param limit the most items of a list, {@link Integer#MAX_VALUE} for each list's own number
     */
    public byte[] encode(Prediction prediction, @Nullable Set<String> models, int limit) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                write(json, prediction, models, limit);
                json.writeEndObject();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    private void write(JsonGenerator json, Prediction prediction, @Nullable Set<String> models, int limit)
            throws IOException {
        json.writeStringField("customer_id", prediction.customer());
        json.writeBooleanField("personalized", prediction.personalized());
        Reason reason = prediction.reason();
        if (reason != null) {
            json.writeStringField("reason", reason.word());
        }
        writeScores(json, prediction, models);
        for (int i = 0; i < points.size(); i++) {
            json.writeFieldName(points.get(i));
            writeNumber(json, prediction.points().get(i));
        }
        writePolicy(json, prediction);
        for (int i = 0; i < lists.size(); i++) {
            if (models == null || models.contains(schema.lists().get(i).model())) {
                writeList(json, i, prediction.lists().get(i), limit);
            }
        }
        writeResponses(json, prediction);
        if (!prediction.degraded().isEmpty()) {
            writeStrings(json, "degraded", prediction.degraded());
        }
        json.writeObjectFieldStart("versions");
        for (Map.Entry<String, Integer> version : schema.versions().entrySet()) {
            json.writeNumberField(version.getKey(), version.getValue());
        }
        json.writeEndObject();
        json.writeStringField("as_of", Instant.ofEpochMilli(prediction.asOf()).toString());
        json.writeNumberField("profile_events", prediction.profileEvents());
    }

    private void writeScores(JsonGenerator json, Prediction prediction, @Nullable Set<String> models)
            throws IOException {
        for (int i = 0; i < scores.size(); i++) {
            Prediction.Score score = prediction.scores().get(i);
            if (Double.isNaN(score.value())
                    || (models != null
                            && !models.contains(schema.scores().get(i).model()))) {
                continue;
            }
            ScoreNames names = scores.get(i);
            json.writeFieldName(names.score());
            writeNumber(json, score.value());
            if (score.band() >= 0) {
                json.writeFieldName(names.band());
                json.writeString(names.bands().get(score.band()));
            }
            if (score.percentile() >= 0) {
                json.writeFieldName(names.percentile());
                json.writeNumber(score.percentile());
            }
        }
    }

    private static void writePolicy(JsonGenerator json, Prediction prediction) throws IOException {
        String decision = prediction.decision();
        writeStrings(json, "segments", prediction.segments());
        if (prediction.segment() != null) {
            json.writeStringField("segment", prediction.segment());
        }
        if (decision != null) {
            json.writeStringField("decision", decision);
        }
    }

    private void writeList(JsonGenerator json, int index, ItemList list, int limit) throws IOException {
        ListNames names = lists.get(index);
        int shown =
                Math.min(list.size(), Math.min(limit, schema.lists().get(index).shown()));
        json.writeFieldName(names.list());
        json.writeStartArray();
        for (int i = 0; i < shown; i++) {
            json.writeStartObject();
            writeItem(json, list, i, ITEM);
            json.writeEndObject();
        }
        json.writeEndArray();
        for (int i = 0; i < shown; i++) {
            writeItem(json, list, i, names.flat().get(i));
        }
    }

    private static void writeItem(JsonGenerator json, ItemList list, int index, ItemNames names) throws IOException {
        Item item = list.items().get(index);
        json.writeFieldName(names.id());
        json.writeString(item.id());
        double score = list.scores().get(index);
        if (!Double.isNaN(score)) {
            json.writeFieldName(names.score());
            writeNumber(json, score);
        }
        writeText(json, names.title(), item.title());
        writeText(json, names.url(), item.url());
        writeText(json, names.image(), item.image());
        if (!Double.isNaN(item.price())) {
            json.writeFieldName(names.price());
            writeNumber(json, item.price());
        }
    }

    private static void writeText(JsonGenerator json, SerializableString name, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeFieldName(name);
            json.writeString(text);
        }
    }

    private static void writeResponses(JsonGenerator json, Prediction prediction) throws IOException {
        for (Map.Entry<String, Object> response : prediction.responses().entrySet()) {
            Object value = response.getValue();
            if (value instanceof String text) {
                json.writeStringField(response.getKey(), text);
            } else if (value instanceof Boolean truth) {
                json.writeBooleanField(response.getKey(), truth);
            } else if (value instanceof Double number && !number.isNaN()) {
                json.writeFieldName(response.getKey());
                writeNumber(json, number);
            }
        }
    }

    private static void writeStrings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** A whole number without a decimal point: a reader of an e-mail sees 30, not 30.0. */
    private static void writeNumber(JsonGenerator json, double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) < LARGEST_EXACT_LONG) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }

    private static SerializableString name(String text) {
        return new SerializedString(text);
    }

    private record ScoreNames(
            SerializableString score,
            SerializableString band,
            List<SerializableString> bands,
            SerializableString percentile) {}

    /**
     * The names of a list.
     *
     * @param flat by place
     */
    private record ListNames(SerializableString list, List<ItemNames> flat) {}

    private record ItemNames(
            SerializableString id,
            SerializableString score,
            SerializableString title,
            SerializableString url,
            SerializableString image,
            SerializableString price) {

        static ItemNames of(String prefix) {
            return new ItemNames(
                    name(prefix + "id"),
                    name(prefix + "score"),
                    name(prefix + "title"),
                    name(prefix + "url"),
                    name(prefix + "image"),
                    name(prefix + "price"));
        }
    }
}
