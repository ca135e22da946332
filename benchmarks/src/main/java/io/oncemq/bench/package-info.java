/** End-to-end benchmarks beside the raw clients. Not part of a release. */
@NullMarked
package io.oncemq.bench;

import org.jspecify.annotations.NullMarked;
