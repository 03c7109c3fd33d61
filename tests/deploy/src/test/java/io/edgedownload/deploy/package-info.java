/**
 * Holds the manifests of a cluster to the models of Kubernetes and Knative, and to the settings that there are; alerts and
 * dashboard to the metrics.
 */
@NullMarked
package io.edgedownload.deploy;

import org.jspecify.annotations.NullMarked;
