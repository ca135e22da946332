package io.oncemq.spring;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

/** A body with constraints. */
record Order(String id, @NotBlank String customer, @Positive long cents) {}
