package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Computes every example of {@code docs/features.md} and compares it with the value that stands behind it. */
class FeaturesPageTest {

    private static final Path PAGE = Commands.ROOT.resolve("docs/features.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("\\{name: (\\w+), kind: (\\w+).*#\\s*= (.+)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void examples_ofEveryBlock_haveTheValuesThatThePageSays() throws IOException {
        String page = Files.readString(PAGE);
        Path events = Files.writeString(
                folder.resolve("events.ndjson"), blocks(page, "ndjson").getFirst());
        int examples = 0;
        for (String block : blocks(page, "yaml")) {
            if (block.contains("candidates:")) {
                continue;
            }
            NamedCsvRecord row = compute(events, block);
            Matcher example = EXAMPLE.matcher(block);
            while (example.find()) {
                check(row, example.group(1), example.group(3).strip());
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(50);
    }

    @Test
    void examples_ofPairs_haveTheValuesThatThePageSays() throws IOException {
        String page = Files.readString(PAGE);
        Path events = Files.writeString(
                folder.resolve("events.ndjson"), blocks(page, "ndjson").getFirst());
        String definitions = blocks(page, "yaml").stream()
                .filter(block -> block.contains("candidates:"))
                .findFirst()
                .orElseThrow();
        for (String name :
                List.of("items.txt", "facts.tsv", "neighbours.txt", "categories.txt", "category-facts.tsv")) {
            Files.writeString(folder.resolve(name), blocks(page, name).getFirst());
        }
        List<NamedCsvRecord> rows = table(events, definitions);
        assertThat(rows)
                .extracting(row -> row.getField("list") + " " + row.getField("item"))
                .containsExactly("items p-milk", "items p-soap", "items p-tea", "discover garden/tools");
        Matcher example = EXAMPLE.matcher(definitions);
        int examples = 0;
        while (example.find()) {
            check(rows.getFirst(), example.group(1), example.group(3).strip());
            examples++;
        }
        assertThat(examples).isEqualTo(14);
        assertThat(rows.getFirst().getField("orders")).isEqualTo("3");
        assertThat(rows.getLast().getField("popularity")).isEmpty();
    }

    @Test
    void page_hasAnExampleOfEveryKind() throws IOException {
        String page = Files.readString(PAGE);
        List<String> shown = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(page);
        while (example.find()) {
            shown.add(example.group(2));
        }
        Path wrong = Files.writeString(folder.resolve("f.yaml"), "features:\n  - {name: a, kind: nosuch}\n");
        Path events = Files.writeString(
                folder.resolve("e.ndjson"), blocks(page, "ndjson").getFirst());
        // The message about an unknown kind names all there are.
        String message = Commands.run(
                        "features",
                        "--events",
                        events,
                        "--features",
                        wrong,
                        "--at",
                        "2026-06-01T00:00:00Z",
                        "--out",
                        "x.csv")
                .err();
        Matcher known = Pattern.compile("known: \\[([^]]+)]").matcher(message);
        assertThat(known.find()).as(message).isTrue();
        assertThat(shown).contains(known.group(1).split(", "));
    }

    private NamedCsvRecord compute(Path events, String definitions) throws IOException {
        return table(events, definitions).getFirst();
    }

    private List<NamedCsvRecord> table(Path events, String definitions) throws IOException {
        Path file = Files.writeString(folder.resolve("features.yaml"), definitions);
        Path table = folder.resolve("features.csv");
        Commands.Done done = Commands.run(
                "features", "--events", events, "--features", file, "--at", "2026-06-01T00:00:00Z", "--out", table);
        assertThat(done.code()).as(done.err()).isZero();
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(table)) {
            return reader.stream().toList();
        }
    }

    private static void check(NamedCsvRecord row, String name, String expected) {
        if (expected.startsWith("[")) {
            String[] numbers = expected.substring(1, expected.length() - 1).split(", ", -1);
            for (int i = 0; i < numbers.length; i++) {
                check(row, name + "_" + i, numbers[i]);
            }
            assertThat(row.getHeader()).doesNotContain(name + "_" + numbers.length);
        } else if (expected.equals("NaN")) {
            assertThat(row.getField(name)).as(name).isEmpty();
        } else if (expected.matches("-?[0-9.]+")) {
            double number = Double.parseDouble(expected);
            assertThat(Double.parseDouble(row.getField(name)))
                    .as(name)
                    .isCloseTo(number, within(1e-6 * Math.max(1, number)));
        } else {
            assertThat(row.getField(name)).as(name).isEqualTo(expected);
        }
    }

    private static List<String> blocks(String page, String language) {
        List<String> blocks = new ArrayList<>();
        Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page);
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }
}
