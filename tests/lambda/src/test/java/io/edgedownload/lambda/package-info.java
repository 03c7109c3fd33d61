/**
 * The functions as AWS Lambda runs them: {@code function.zip} in a process of AWS's own runtime client, on a Runtime API and behind a
 * function URL that stand on this machine. The contract suite of {@code tests/contract} runs against two of them, which
 * {@link io.edgedownload.lambda.ContractTarget} starts; classes named {@code …Test} hold what is different here. Black box: it knows HTTP
 * and no type of the functions.
 */
@NullMarked
package io.edgedownload.lambda;

import org.jspecify.annotations.NullMarked;
