package io.edgedownload.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The project's own classes, read once. Classes of libraries appear only as names that ours refer to. */
final class ProjectClasses {

    static final String ENGINE = "io.edgedownload.engine";
    static final String EDGE = "io.edgedownload.edge";
    static final String ETCD = "io.edgedownload.etcd";
    static final String FLEET = "io.edgedownload.fleet";
    static final String TRACING = "io.edgedownload.tracing";
    static final String COORDINATOR = "io.edgedownload.coordinator";
    static final String NODE_GUARD = "io.edgedownload.guard";
    static final String LOCAL = "io.edgedownload.local";
    static final String FIXTURES = "io.edgedownload.fixtures";
    static final String BENCH = "io.edgedownload.bench";

    /** Main code of every module that has any, without what JMH generates from its benchmarks and protoc from fleet.proto. */
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .withImportOption(location -> !location.contains("/fleet/v1/"))
            .importPackages(ENGINE, EDGE, ETCD, FLEET, TRACING, COORDINATOR, NODE_GUARD, LOCAL, FIXTURES, BENCH);

    static final DescribedPredicate<JavaClass> IN_ENGINE = resideInAPackage(ENGINE + "..");

    static final JavaClasses OF_ENGINE = ALL.that(IN_ENGINE);

    /** What the functions are made of: the engine, the applications around it, and what these share. */
    static final JavaClasses OF_FUNCTIONS = ALL.that(IN_ENGINE.or(resideInAnyPackage(
            EDGE + "..", ETCD + "..", FLEET + "..", TRACING + "..", COORDINATOR + "..", NODE_GUARD + "..")));

    /** Classes that somebody wrote: no lambdas' holders, no package-info. */
    static final DescribedPredicate<JavaClass> WRITTEN = describe(
            "are written by hand",
            type -> !type.isAnonymousClass() && !type.getSimpleName().equals("package-info"));

    private ProjectClasses() {}

    /** Test code of every module that is built so far; the modules this one depends on always are. */
    static JavaClasses ofTests() {
        Path root = Path.of(System.getProperty("basedir", "")).resolve("../..").normalize();
        List<Path> folders = List.of(
                        "functions/engine",
                        "functions/edge",
                        "functions/fleet",
                        "functions/tracing",
                        "functions/coordinator",
                        "functions/guard",
                        "infra/local",
                        "tests/fixtures",
                        "tests/architecture",
                        "tests/contract",
                        "tests/faults",
                        "tests/lambda")
                .stream()
                .map(module -> root.resolve(module).resolve("target/test-classes"))
                .filter(Files::isDirectory)
                .toList();
        return new ClassFileImporter().importPaths(folders);
    }
}
