/**
 * What the code of all modules has to look like, as far as bytecode can tell.
 *
 * <p>Input is {@link io.edgedownload.architecture.ProjectClasses}, output one JUnit test a rule. A rule that finds
 * nothing to look at fails.
 */
@NullMarked
package io.edgedownload.architecture;

import org.jspecify.annotations.NullMarked;
