/** The code of docs/getting-started.md and docs/testing.md; SnippetsTest holds the two together. */
@NullMarked
package io.oncemq.spring.snippets;

import org.jspecify.annotations.NullMarked;
