package io.edgedownload.guard;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
    @Test
    void anOrdinaryFolderIsNoControlGroup(@TempDir Path folder) {
        IOException refused = assertThrows(IOException.class, () -> new ControlGroups(folder));
        assertTrue(String.valueOf(refused.getMessage()).contains("no control group of version 2"));
    }
}
