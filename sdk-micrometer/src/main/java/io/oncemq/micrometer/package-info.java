/**
 * Metrics and observations on Micrometer, under the names of OpenTelemetry's messaging conventions; with or without Spring. Nothing here
 * belongs to the engine: it listens, as any application can.
 */
@NullMarked
package io.oncemq.micrometer;

import org.jspecify.annotations.NullMarked;
