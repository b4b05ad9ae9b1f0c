package io.scorecast.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the package order of the design: each package imports only from those above it. */
class ArchitectureTest {

    private static final String ROOT = "io.scorecast.server";

    /** Also those that are still to come. */
    private static final List<String> ORDER = List.of(
            "store",
            "catalogue",
            "ingest",
            "ingest.file",
            "ingest.kafka",
            "serving",
            "scoring",
            "inference",
            "security",
            "audience",
            "api",
            "console",
            "cli");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packages_importOnlyFromAbove() {
        assertThat(CLASSES).hasSizeGreaterThan(90);
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
        Set<String> packages = packages();
        assertThat(packages).contains("store", "ingest", "serving", "scoring", "security", "api", "cli");
        assertThat(ORDER).containsAll(packages);
    }

    @Test
    void packages_haveNoCycle() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    /** Packages with nothing but an explanation are no classes to the importer, but are counted here. */
    @Test
    void packages_areNullMarked() {
        for (String name : packages()) {
            JavaPackage found = CLASSES.getPackage(ROOT + "." + name);
            assertThat(found.isAnnotatedWith(NullMarked.class)).as(name).isTrue();
        }
    }

    @Test
    void engine_isReachedThroughItsPublicPackagesAlone() {
        for (String library :
                List.of("io.scorecast.engine.profile.wire..", "ml.dmlc..", "ai.onnxruntime..", "dev.cel..")) {
            onlyIn(library);
        }
        // A bare file becomes a version's folder by what its reader finds in it.
        onlyIn("io.scorecast.engine.model.forest..", "cli");
        onlyIn("io.scorecast.engine.model.onnx..", "cli");
        onlyIn("io.scorecast.engine.model.xgboost..", "cli");
        // Predicates over an audience are rules.
        onlyIn("io.scorecast.engine.expression..", "audience");
    }

    @Test
    void libraries_areKnownOnlyWhereTheyBelong() {
        onlyIn("redis..", "store");
        onlyIn("com.github.benmanes.caffeine..", "scoring");
        onlyIn("io.micronaut.http..", "api", "security", "console", "cli");
        onlyIn("io.micronaut.context..", "api", "security", "console", "cli", "ingest.kafka");
        onlyIn("io.micrometer..", "store", "scoring", "ingest", "audience", "api", "cli");
        onlyIn("picocli..", "cli");
        onlyIn("org.apache.kafka..", "ingest.kafka");
    }

    private static void onlyIn(String library, String... packages) {
        List<String> allowed = new ArrayList<>(List.of("io.scorecast.engine.."));
        for (String name : packages) {
            allowed.add(ROOT + "." + name);
        }
        noClasses()
                .that()
                .resideOutsideOfPackages(allowed.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(CLASSES);
    }

    /** Names below the root. */
    private static Set<String> packages() {
        return CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(Math.min(name.length(), ROOT.length() + 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
