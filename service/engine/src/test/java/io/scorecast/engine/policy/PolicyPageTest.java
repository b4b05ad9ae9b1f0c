package io.scorecast.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/policy.md} to the truth: its example is a policy, and its mistakes are answered as it shows. */
class PolicyPageTest {

    private static final Pattern BLOCK = Pattern.compile("```(?:yaml|text)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path repository;

    private static List<String> blocks() throws Exception {
        Matcher matcher = BLOCK.matcher(Files.readString(Path.of("../../docs/policy.md")));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    @Test
    void example_isAPolicy() throws Exception {
        Policy policy = Policies.read(repository, blocks().getFirst());
        assertThat(policy.points()).containsExactly("engagement");
        assertThat(policy.defaultDecision()).isEqualTo("standard");
        assertThat(policy.responses()).isNotEmpty();
    }

    @Test
    void mistakes_areAnsweredAsShown() throws Exception {
        List<String> blocks = blocks();
        String said = Policies.refusals(repository, blocks.get(1)).stream()
                .map(problem -> problem + "\n")
                .collect(Collectors.joining());
        assertThat(said).isEqualTo(blocks.get(2));
    }
}
