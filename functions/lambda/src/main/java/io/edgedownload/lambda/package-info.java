/**
 * What is different where the functions run on AWS Lambda behind a function URL: how they are started, how much time an invocation
 * has, and how the fields of a request come in. A request is taken in by Quarkus, which translates payload format 2.0, and goes on in
 * {@code io.edgedownload.edge}. One invocation at a time; code here runs on the runtime's thread, routes on the event loop.
 */
@NullMarked
package io.edgedownload.lambda;

import org.jspecify.annotations.NullMarked;
