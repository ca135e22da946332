package io.oncemq.core.consume;

import io.oncemq.spi.StoreCommand;

/** A command with the work that its answer concerns. */
record StoreOperation(Work work, StoreCommand command) {}
