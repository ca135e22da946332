/** The suite that disturbs brokers, stores and processes while a workload runs, and judges what came of it. */
@NullMarked
package io.oncemq.torture;

import org.jspecify.annotations.NullMarked;
