package io.edgedownload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.edgedownload.architecture.ProjectClasses.ALL;
import static io.edgedownload.architecture.ProjectClasses.ENGINE;
import static io.edgedownload.architecture.ProjectClasses.OF_ENGINE;
import static io.edgedownload.architecture.ProjectClasses.OF_FUNCTIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One clock, and a deadline that is handed on. */
final class TimeTest {

    private static final String DEADLINE = ENGINE + ".time.Deadline";

    /** Everything in the JDK that reads a clock or waits on one, by class and method; calls and method references. */
    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.InstantSource.system",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep");

    @Test
    void theTickerIsTheOnlyPlaceInTheEngineThatReadsAClock() {
        // Exactly the ticker: an empty set would mean that this rule does not see method references.
        assertEquals(Set.of(ENGINE + ".time.Ticker java.lang.System.nanoTime"), clockReaders(OF_ENGINE));
    }

    @Test
    void nobodySleeps() {
        assertEquals(Set.of(), sleepers(ALL));
        assertEquals(Set.of(), sleepers(ProjectClasses.ofTests()));
    }

    @Test
    void datesAreOfJavaTime() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Date.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Calendar.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.text.SimpleDateFormat")
                .check(ALL);
    }

    @Test
    void theDeadlineIsTheLastArgument() {
        ArchRuleDefinition.methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.edgedownload..")
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should(takeADeadlineLast())
                .check(OF_FUNCTIONS);
    }

    @Test
    void theDeadlineIsAnArgumentAndNeverAmbient() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ScopedValue")
                .check(OF_ENGINE);
    }

    private static Set<String> clockReaders(JavaClasses classes) {
        return accesses(classes, CLOCKS);
    }

    private static Set<String> sleepers(JavaClasses classes) {
        return accesses(classes, Set.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep"));
    }

    private static Set<String> accesses(JavaClasses classes, Set<String> forbidden) {
        return classes.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> forbidden.contains(targetOf(access)))
                .map(access -> access.getOriginOwner().getName() + " " + targetOf(access))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String targetOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getTarget().getName();
    }

    private static ArchCondition<JavaMethod> takeADeadlineLast() {
        return new ArchCondition<>("take a deadline last") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                List<String> parameters = method.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .toList();
                int at = parameters.indexOf(DEADLINE);
                // A caller's own deadline and the one of the work may come together, last; and fault tolerance hands a
                // fallback the exception behind all of the method's own parameters.
                boolean last = at < 0
                        || parameters.subList(at, parameters.size()).stream()
                                .allMatch(name -> name.equals(DEADLINE) || name.equals("java.lang.Throwable"));
                events.add(new SimpleConditionEvent(method, last, method.getFullName()));
            }
        };
    }
}
