package io.oncemq.spring;

import io.oncemq.Delivery;
import org.jspecify.annotations.Nullable;

/** What a listener method gets for one of its parameters. */
@FunctionalInterface
interface ListenerArgument {
    @Nullable
    Object of(Delivery<?> delivery);
}
