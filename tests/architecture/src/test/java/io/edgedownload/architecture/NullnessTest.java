package io.edgedownload.architecture;

import static io.edgedownload.architecture.ProjectClasses.ALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** NullAway looks only where {@code @NullMarked} says so: every package has to say so. */
final class NullnessTest {

    @Test
    void everyPackageIsNullMarked() {
        assertEquals(Set.of(), unmarked(ALL));
    }

    @Test
    void everyPackageOfTestsIsNullMarkedThereOrInMainCode() {
        Set<String> unmarked = unmarked(ProjectClasses.ofTests());
        ALL.forEach(type -> unmarked.remove(type.getPackageName()));
        assertEquals(Set.of(), unmarked);
    }

    private static Set<String> unmarked(JavaClasses classes) {
        Set<JavaPackage> packages = classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        assertFalse(packages.isEmpty());
        return packages.stream()
                .filter(known -> !known.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
