package io.edgedownload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static io.edgedownload.architecture.ProjectClasses.ALL;
import static io.edgedownload.architecture.ProjectClasses.OF_FUNCTIONS;

import com.tngtech.archunit.core.domain.JavaModifier;
import org.junit.jupiter.api.Test;

/** State has one owner: nothing public changes, nothing static changes, no monitor can stop an event loop. */
final class StateTest {

    @Test
    void publicFieldsAreConstants() {
        fields().that().arePublic().should().beFinal().check(ALL);
    }

    @Test
    void staticFieldsAreConstants() {
        fields().that().areStatic().should().beFinal().check(ALL);
    }

    @Test
    void noMethodIsSynchronized() {
        methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(OF_FUNCTIONS);
    }

    @Test
    void nobodyPrints() {
        noClasses().should(ACCESS_STANDARD_STREAMS).check(OF_FUNCTIONS);
    }
}
