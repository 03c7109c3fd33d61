package io.edgedownload.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.edgedownload.architecture.ProjectClasses.ALL;
import static io.edgedownload.architecture.ProjectClasses.ENGINE;
import static io.edgedownload.architecture.ProjectClasses.FIXTURES;
import static io.edgedownload.architecture.ProjectClasses.OF_ENGINE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The line of a download, left to right: a package imports leaves and packages to its left only. */
final class LayersTest {

    private static final String ROOT = "";

    /** Every package of the engine in the order of the flow; the root, which knows the order, comes last. */
    private static final List<String> LEFT_TO_RIGHT = List.of(
            "time",
            "request",
            "catalog",
            "resolve",
            "connect",
            "breaker",
            "guard",
            "fetch",
            "verify",
            "cache",
            "fallback",
            ROOT);

    /** Imported from everywhere; themselves they import leaves to their left only. */
    // The guard stands beside the line: it knows time alone, and only what writes answers knows it.
    private static final Set<String> LEAVES = Set.of("time", "breaker", "guard");

    /** Planned, not built. Whoever builds one takes it out here. */
    private static final Set<String> NOT_THERE_YET = Set.of();

    static List<String> builtPackages() {
        return LEFT_TO_RIGHT.stream()
                .filter(name -> !NOT_THERE_YET.contains(name))
                .toList();
    }

    @Test
    void theEngineHasExactlyThePackagesOfTheFlow() {
        Set<String> found = OF_ENGINE.stream()
                .map(type -> type.getPackageName().equals(ENGINE)
                        ? ROOT
                        : type.getPackageName().substring(ENGINE.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(builtPackages()), found);
    }

    @ParameterizedTest(name = "engine package ''{0}''")
    @MethodSource("builtPackages")
    void aPackageImportsLeavesAndPackagesToItsLeftOnly(String name) {
        classes()
                .that()
                .resideInAPackage(packageOf(name))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowedTo(name).toArray(String[]::new))
                        .or(resideOutsideOfPackage(ENGINE + "..")))
                .check(OF_ENGINE);
    }

    /** The package itself, what stands to its left, and the leaves. */
    private static List<String> allowedTo(String name) {
        List<String> allowed = new ArrayList<>();
        allowed.add(packageOf(name));
        for (String other : LEFT_TO_RIGHT) {
            boolean left = LEFT_TO_RIGHT.indexOf(other) < LEFT_TO_RIGHT.indexOf(name);
            if (LEAVES.contains(name) ? left && LEAVES.contains(other) : left || LEAVES.contains(other)) {
                allowed.add(packageOf(other));
            }
        }
        return allowed;
    }

    @Test
    void theEngineKnowsNoFrameworkOfTheApplication() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.edgedownload.edge..",
                        "io.edgedownload.local..",
                        "io.edgedownload.fixtures..",
                        "io.quarkus..",
                        "io.smallrye..",
                        "jakarta..",
                        "javax.enterprise..",
                        "javax.inject..",
                        "org.eclipse.microprofile..",
                        "io.micrometer..",
                        "io.vertx.ext..")
                .check(OF_ENGINE);
    }

    @Test
    void theCacheCallsNeitherNetworkNorS3() {
        noClasses()
                .that()
                .resideInAPackage(packageOf("cache"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        packageOf("resolve"),
                        packageOf("connect"),
                        "io.vertx.core.http..",
                        "io.vertx.core.net..",
                        "java.net.http..",
                        "software.amazon..")
                .check(OF_ENGINE);
    }

    @Test
    void fixturesAreMadeOfTheJdkAndLibrariesOfTheirProtocols() {
        classes()
                .that()
                .resideInAPackage(FIXTURES + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        FIXTURES + "..",
                        "java..",
                        "javax.net..",
                        "com.sun.net.httpserver..",
                        "io.vertx..",
                        "io.netty..",
                        "org.xbill.DNS..",
                        "io.opentelemetry.proto..",
                        "com.google.protobuf..",
                        "org.jspecify..")
                .check(ALL);
    }

    @Test
    void onlyTheApplicationKnowsTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("io.edgedownload.local..", FIXTURES + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ENGINE + "..", "io.edgedownload.edge..")
                .check(ALL);
    }

    private static String packageOf(String name) {
        return name.equals(ROOT) ? ENGINE : ENGINE + "." + name + "..";
    }
}
