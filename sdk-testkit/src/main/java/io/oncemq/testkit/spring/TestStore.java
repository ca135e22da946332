package io.oncemq.testkit.spring;

/** Which store {@link OnceMqTest} starts. */
public enum TestStore {
    /** Redis, unless the application sets {@code oncemq.without-idempotency}. */
    AUTO,
    /** None: the application's own properties count. */
    NONE,
    REDIS
}
