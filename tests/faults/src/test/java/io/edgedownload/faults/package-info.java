/**
 * The whole product, end to end, while its origins go wrong: each row of the fault table has a test that injects the
 * fault and looks at what a client gets. Whatever happens, that is the right bytes, an error before the head, or a cut
 * connection; never a short or wrong body that looks complete.
 *
 * <p>Nothing here measures time: gates and event logs decide when things happen.
 */
@NullMarked
package io.edgedownload.faults;

import org.jspecify.annotations.NullMarked;
