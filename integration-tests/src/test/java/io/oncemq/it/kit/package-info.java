/** The compatibility kits on real brokers and stores. */
@NullMarked
package io.oncemq.it.kit;

import org.jspecify.annotations.NullMarked;
