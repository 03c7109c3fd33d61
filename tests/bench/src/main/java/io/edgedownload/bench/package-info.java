/**
 * Benchmarks: the functions and their peers serve the same file on loopback and are loaded in turn. Input is a data directory,
 * output a table, one line a figure and a JSON file. Each class with a {@code main} is one benchmark; {@code ./bench} starts it.
 */
@NullMarked
package io.edgedownload.bench;

import org.jspecify.annotations.NullMarked;
