package io.scorecast.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the package order of the design: each package imports only from those above it. */
class ArchitectureTest {

    private static final String ROOT = "io.scorecast.engine";

    private static final List<String> ORDER = List.of(
            "problem",
            "event",
            "profile",
            "expression",
            "feature",
            "pair",
            "model",
            "model.forest",
            "model.xgboost",
            "model.onnx",
            "model.btyd",
            "policy",
            "prediction",
            "scorer");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packages_importOnlyFromAbove() {
        assertThat(CLASSES).hasSizeGreaterThan(10);
        for (int i = 0; i < ORDER.size() - 1; i++) {
            List<String> below = new ArrayList<>();
            for (String name : ORDER.subList(i + 1, ORDER.size())) {
                below.add(ROOT + "." + name);
            }
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + ORDER.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(below.toArray(String[]::new))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void packages_areAllInTheOrder() {
        assertThat(CLASSES.stream()
                        .map(c -> c.getPackageName())
                        .filter(p -> !p.equals(ROOT + ".profile.wire"))
                        .distinct())
                .allMatch(p -> p.startsWith(ROOT + ".") && ORDER.contains(p.substring(ROOT.length() + 1)));
    }

    @Test
    void packages_haveNoCycle() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void engine_knowsNoFrameworkAndNoMetricsSystem() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.micronaut..",
                        "redis..",
                        "io.micrometer..",
                        "io.netty..",
                        "org.slf4j..",
                        "java.util.logging..")
                .check(CLASSES);
    }

    @Test
    void packages_sayWhatTheyAreFor() throws Exception {
        Path root = Path.of("src/main/java/io/scorecast/engine");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(f -> f.toString().endsWith(".java"))
                            .map(Path::getParent)
                            .distinct())
                    .allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
        }
    }
}
