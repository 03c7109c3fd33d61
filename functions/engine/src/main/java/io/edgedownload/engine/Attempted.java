package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.fetch.Course;

/** What came of one attempt at one place. */
record Attempted(Loaded loaded, Course course) {}
