/** Values in etcd that go when they are not renewed: what instances that come and go tell each other through it. */
@NullMarked
package io.edgedownload.etcd;

import org.jspecify.annotations.NullMarked;
