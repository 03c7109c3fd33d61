package io.edgedownload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/** Tests run against real servers, all of them, without a stopwatch. */
final class TestCodeTest {

    private static final String DISABLED = "org.junit.jupiter.api.Disabled";

    private final JavaClasses tests = ProjectClasses.ofTests();

    @Test
    void nothingIsMocked() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mockito..", "org.easymock..", "org.powermock..", "io.mockk..")
                .check(tests);
    }

    @Test
    void nothingIsSwitchedOff() {
        noClasses().should().beAnnotatedWith(DISABLED).check(tests);
        noMethods().should().beAnnotatedWith(DISABLED).check(tests);
    }

    @Test
    void noTestIsTimed() {
        noClasses()
                .should()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "an assertion about time",
                        call -> call.getTarget().getName().startsWith("assertTimeout")))
                .check(tests);
    }
}
