package io.edgedownload.engine.cache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why chunks cannot be kept on disk. */
public enum Trouble {
    /** The process may not write there. */
    NOT_PERMITTED,
    READ_ONLY,
    FULL,
    /** Another process uses the folder. */
    IN_USE,
    /** It is no directory, or not there any more. */
    NO_DIRECTORY,
    OTHER;

    static Trouble of(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case ChunkFolder.InUseException _ -> IN_USE;
            case AccessDeniedException _ -> NOT_PERMITTED;
            case NoSuchFileException _, NotDirectoryException _, FileAlreadyExistsException _ -> NO_DIRECTORY;
            default -> ofMessage(message);
        };
    }

    /** The JDK has no type for these. */
    private static Trouble ofMessage(String message) {
        if (message.contains("Read-only file system")) {
            return READ_ONLY;
        }
        if (message.contains("Not a directory")) {
            return NO_DIRECTORY;
        }
        if (message.contains("Operation not permitted") || message.contains("Permission denied")) {
            return NOT_PERMITTED;
        }
        return message.contains("No space left") || message.contains("quota exceeded") ? FULL : OTHER;
    }
}
