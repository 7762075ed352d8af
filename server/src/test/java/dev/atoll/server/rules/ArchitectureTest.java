package dev.atoll.server.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may use whom, drawn in docs/architecture.md: arrows point down only, and time comes in through constructors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

    /** Module by base package, and what it may use besides itself, the JDK and the model. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "model", Set.of(),
            "protocol", Set.of(),
            "imagecas", Set.of(),
            "isolation", Set.of(),
            "hostagent", Set.of("protocol", "imagecas", "isolation"),
            "manager", Set.of("protocol"),
            "api", Set.of("manager"),
            "server", Set.of("protocol", "imagecas", "isolation", "hostagent", "manager", "api"),
            "cli", Set.of(),
            "bench", Set.of());

    private final JavaClasses classes = importAll();

    /** Reads the classes of every module from its target directory: server's class path lacks the command line. */
    private static JavaClasses importAll() {
        var locations = new ArrayList<Location>();
        for (var module : SourceTree.MODULES) {
            var directory = SourceTree.root().resolve(module).resolve("target/classes");
            assertThat(directory)
                    .as("compiled classes of %s; make them with ./mvnw -pl %s -am compile", module, module)
                    .matches(Files::isDirectory, "is a directory");
            locations.add(Location.of(directory));
        }
        return new ClassFileImporter().importLocations(locations);
    }

    static List<String> modules() {
        return ARROWS.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void usesOnlyTheModulesBelowIt(String module) {
        var forbidden = ARROWS.keySet().stream()
                .filter(other -> !other.equals(module) && !other.equals("model"))
                .filter(other -> !ARROWS.getOrDefault(module, Set.of()).contains(other))
                .map(other -> "dev.atoll." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.atoll." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .because("arrows point down only (docs/architecture.md); move the type down or pass a value up")
                .check(classes);
    }

    @Test
    void everyClassBelongsToAModule() {
        classes()
                .should()
                .resideInAnyPackage(ARROWS.keySet().stream()
                        .map(module -> "dev.atoll." + module + "..")
                        .toArray(String[]::new))
                .because("a class is found by guessing its name: module, then feature; a new module is added to this"
                        + " test first")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.atoll.(**)")
                .should()
                .beFreeOfCycles()
                .because("of two packages one is understood without the other; move what both need below both")
                .check(classes);
    }

    @Test
    void theModelUsesTheJdkOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.atoll.model..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("dev.atoll.model..", "java..", "org.jspecify..")
                .because("everything may use the model, so the model may use nothing")
                .check(classes);
    }

    @Test
    void theApiSeesNoStorageAndNoTransport() {
        noClasses()
                .that()
                .resideInAPackage("dev.atoll.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.jdbi..",
                        "org.postgresql..",
                        "com.zaxxer..",
                        "org.flywaydb..",
                        "io.lettuce..",
                        "redis..",
                        "io.grpc..",
                        "com.google.protobuf..")
                .because("the API calls use cases; where state lives and how hosts are reached is decided below it")
                .check(classes);
    }

    @Test
    void theFaceForSdksCallsUseCasesOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.atoll.server.sdk..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.atoll.hostagent..",
                        "dev.atoll.isolation..",
                        "dev.atoll.imagecas..",
                        "dev.atoll.protocol.host..",
                        "java.sql..",
                        "org.jdbi..")
                .because("a transport has no logic of its own: it calls what the API calls (docs/architecture.md)")
                .check(classes);
    }

    @Test
    void timeIdsAndThreadsComeInThroughConstructors() {
        noClasses()
                .that(DescribedPredicate.not(wiring()))
                .should()
                .accessTargetWhere(forbiddenTarget())
                .because("tests replace them: take a Clock, a supplier of ids or a thread factory in the constructor, "
                        + "and make it in the class named Main or *Wiring")
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> wiring() {
        return DescribedPredicate.describe("classes named Main or *Wiring", type -> {
            var outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return outermost.getSimpleName().equals("Main")
                    || outermost.getSimpleName().endsWith("Wiring");
        });
    }

    private static DescribedPredicate<JavaAccess<?>> forbiddenTarget() {
        return DescribedPredicate.describe(
                "target is Instant.now, UUID.randomUUID, Thread.sleep, new Thread or System.currentTimeMillis",
                access -> targets(access, Instant.class, "now")
                        || targets(access, UUID.class, "randomUUID")
                        || targets(access, Thread.class, "sleep")
                        || targets(access, Thread.class, "<init>")
                        || targets(access, System.class, "currentTimeMillis"));
    }

    private static boolean targets(JavaAccess<?> access, Class<?> owner, String name) {
        return access.getTargetOwner().isEquivalentTo(owner)
                && access.getTarget().getName().equals(name);
    }

    @Test
    void namesSayWhatAThingIs() {
        var vague = "(Util|Utils|Common|Impl|Manager|Helper|Helpers)";
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.atoll.protocol.host..")
                .should()
                .haveNameMatching(".*[a-z$.]" + vague + "(\\$.*)?")
                .orShould()
                .resideInAnyPackage(
                        "..util..",
                        "..utils..",
                        "..common..",
                        "..impl..",
                        "..helper..",
                        "..helpers..",
                        "dev.atoll.*.manager..")
                .because("such a name says nothing; name the thing by what it does or by what differs")
                .check(classes);
    }
}
