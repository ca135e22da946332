package io.oncemq.spring;

import org.jspecify.annotations.Nullable;

/** Validates what a listener method is called with. */
@FunctionalInterface
interface ArgumentCheck {
    /** Where nothing is to be validated. */
    ArgumentCheck NONE = (arguments, body) -> {};

    /** @throws io.oncemq.CodecException if a constraint is violated; anything else says that the validation itself failed */
    void check(@Nullable Object[] arguments, @Nullable Object body);
}
