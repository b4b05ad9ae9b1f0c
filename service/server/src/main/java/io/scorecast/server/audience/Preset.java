package io.scorecast.server.audience;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shape of file that a tool takes; {@code docs/audiences.md} describes the YAML key by key.
 *
 * @param columns the first columns
 * @param others whether all other fields follow under their own names
 * @param payload a last column that holds the other fields as one JSON object; empty for none
 * @param dates how an instant is written; null for RFC 3339
 * @param truths the words for true and false
 * @param clears whether customers who opted out get a row that clears what the tool holds
 * @param clearText what clears a text; null for an empty cell
 * @param clearNumber what clears a number; null for an empty cell
 * @param bytesPerPart 0 for no limit
 */
record Preset(
        String name,
        Output.Format format,
        List<Renamed> columns,
        boolean others,
        String payload,
        @Nullable DateTimeFormatter dates,
        List<String> truths,
        boolean clears,
        @Nullable String clearText,
        @Nullable String clearNumber,
        long rowsPerPart,
        long bytesPerPart) {

    static final List<String> SHIPPED =
            List.of("braze", "braze-cdi", "hubspot", "iterable", "klaviyo", "mailchimp", "salesforce");

    private static final String FIELD = "output.preset";

    /** Neither one part of everything, which a stop would lose, nor a crowd of small files. */
    private static final int ROWS_PER_PART = 500_000;

    private static final List<String> KEYS = List.of(
            "schema",
            "description",
            "format",
            "columns",
            "others",
            "payload",
            "dates",
            "truths",
            "opted_out",
            "clear_text",
            "clear_number",
            "rows_per_part",
            "bytes_per_part");

    Preset {
        columns = List.copyOf(columns);
        truths = List.copyOf(truths);
    }

    /** A field under another name. */
    record Renamed(String field, String name) {}

    /** The answer's own fields. */
    static Preset plain(Output.Format format) {
        return new Preset(
                "",
                format,
                List.of(new Renamed(Field.CUSTOMER, Field.CUSTOMER)),
                true,
                "",
                null,
                List.of("true", "false"),
                false,
                null,
                null,
                ROWS_PER_PART,
                0);
    }

    /**
     * A shipped one by its name, or one of the user's by the path of its file.
     *
     * @throws AudienceException if there is none, or it is wrong
     */
    static Preset find(String name) {
        String text;
        String source = name;
        if (SHIPPED.contains(name)) {
            try (InputStream in = Preset.class.getResourceAsStream("/presets/" + name + ".yaml")) {
                if (in == null) {
                    throw new IllegalStateException("the preset " + name + " is not in the jar");
                }
                text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else if (Output.isPresetFile(name)) {
            Path file = Path.of(name);
            source = String.valueOf(file.getFileName());
            try {
                text = Files.readString(file);
            } catch (NoSuchFileException e) {
                throw new AudienceException(FIELD, name + ": no such file");
            } catch (IOException e) {
                throw new AudienceException(FIELD, name + ": cannot be read: " + e.getMessage());
            }
        } else {
            throw new AudienceException(FIELD, Nearest.message("preset", name, SHIPPED));
        }
        Problems problems = new Problems();
        YamlNode root = YamlNode.parse(source, text, problems);
        Preset preset = root == null ? null : read(source, root);
        if (preset == null || !problems.isEmpty()) {
            throw new AudienceException(
                    FIELD, problems.list().stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return preset;
    }

    private static Preset read(String name, YamlNode root) {
        root.expectKeys(KEYS);
        YamlNode schema = root.require("schema");
        if (schema != null) {
            schema.integer(1, 1);
        }
        YamlNode formatNode = root.get("format");
        Output.Format format = formatNode == null ? Output.Format.CSV : Output.Format.of(formatNode.text());
        if (format == null && formatNode != null) {
            formatNode.problem(Nearest.message("format", formatNode.text(), Output.Format.WORDS));
        }
        List<Renamed> columns = new ArrayList<>();
        YamlNode columnsNode = root.require("columns");
        if (columnsNode != null) {
            for (Map.Entry<String, YamlNode> column : columnsNode.entries().entrySet()) {
                columns.add(new Renamed(column.getValue().text(), column.getKey()));
            }
        }
        YamlNode others = root.get("others");
        YamlNode truths = root.get("truths");
        List<String> words = truths == null ? List.of("true", "false") : truths.texts();
        if (words.size() != 2 && truths != null) {
            truths.problem("expected two words, for true and for false");
            words = List.of("true", "false");
        }
        String optedOut = text(root, "opted_out");
        if (!optedOut.isEmpty() && !optedOut.equals("clear") && !optedOut.equals("reject")) {
            root.problem("opted_out is clear or reject, not '" + optedOut + "'");
        }
        return new Preset(
                name,
                format == null ? Output.Format.CSV : format,
                columns,
                others != null && others.truth(),
                text(root, "payload"),
                dates(root.get("dates")),
                words,
                optedOut.equals("clear"),
                optional(root, "clear_text"),
                optional(root, "clear_number"),
                number(root, "rows_per_part", ROWS_PER_PART),
                number(root, "bytes_per_part", 0));
    }

    private static @Nullable DateTimeFormatter dates(@Nullable YamlNode node) {
        if (node == null) {
            return null;
        }
        try {
            return DateTimeFormatter.ofPattern(node.text(), Locale.ROOT).withZone(ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
            node.problem("is no pattern of a date: " + e.getMessage());
            return null;
        }
    }

    private static String text(YamlNode root, String key) {
        String text = optional(root, key);
        return text == null ? "" : text;
    }

    private static @Nullable String optional(YamlNode root, String key) {
        YamlNode node = root.get(key);
        return node == null ? null : node.text();
    }

    private static long number(YamlNode root, String key, long otherwise) {
        YamlNode node = root.get(key);
        return node == null ? otherwise : node.integer(1, Integer.MAX_VALUE);
    }
}
