package io.oncemq.torture;

import java.time.Duration;

/**
 * One fault, as it will happen.
 *
 * @param target whom it concerns, in a few words
 * @param hold how long it lasts
 * @param begin does the harm
 * @param end takes it back
 */
record Attack(String target, Duration hold, Runnable begin, Runnable end) {}
