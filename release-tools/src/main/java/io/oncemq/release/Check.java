package io.oncemq.release;

import java.util.List;

/** One thing that must hold for a bundle. */
@FunctionalInterface
interface Check {
    /** One sentence per problem, with the file and what to do; empty if there is none. */
    List<String> problems(Bundle bundle);
}
