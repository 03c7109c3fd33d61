package io.edgedownload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.edgedownload.architecture.ProjectClasses.ALL;
import static io.edgedownload.architecture.ProjectClasses.OF_FUNCTIONS;
import static io.edgedownload.architecture.ProjectClasses.WRITTEN;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names say what a class does, and classes are not derived from one another to share code. */
final class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"Util", "Utils", "Helper", "Helpers", "Manager", "Impl", "Common", "Misc"})
    void noNameEndsInAWordThatSaysNothing(String word) {
        noClasses().should().haveSimpleNameEndingWith(word).check(ALL);
        noClasses().should().haveSimpleNameEndingWith(word).check(ProjectClasses.ofTests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Abstract", "Default"})
    void noNameStartsWithAWordThatSaysNothing(String word) {
        noClasses().that(WRITTEN).should().haveSimpleNameStartingWith(word).check(ALL);
    }

    @Test
    void noPackageIsADrawer() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..util..", "..utils..", "..common..", "..helper..", "..manager..", "..impl..", "..misc..")
                .check(ALL);
    }

    @Test
    void nothingIsInheritedFromOurOwnClasses() {
        classes().that(WRITTEN).should(extendNoClassOfOurs()).check(OF_FUNCTIONS);
    }

    /**
     * Interfaces are fine; so are exceptions, which are told apart by their class alone, and bodies of enum constants,
     * which the compiler derives from their enum.
     */
    private static ArchCondition<JavaClass> extendNoClassOfOurs() {
        return new ArchCondition<>("extend no class of ours") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean ours = type.getRawSuperclass()
                        .filter(parent -> !parent.isEnum() && !parent.isAssignableTo(Throwable.class))
                        .filter(parent -> parent.getPackageName().startsWith("io.edgedownload"))
                        .isPresent();
                events.add(new SimpleConditionEvent(type, !ours, type.getName() + " extends " + type.getSuperclass()));
            }
        };
    }
}
