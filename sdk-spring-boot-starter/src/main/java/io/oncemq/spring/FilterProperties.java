package io.oncemq.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which messages a group wants. One of the two; every member of the group needs the same. */
public class FilterProperties {
    /** Types, of which a message has one of these; only where the broker offers FILTER. */
    private @Nullable List<String> types;

    /** Condition over headers in the broker's SQL92, such as region = 'EU'; only where the broker offers FILTER. */
    private @Nullable String sql;

    public @Nullable List<String> getTypes() {
        return types;
    }

    public void setTypes(@Nullable List<String> types) {
        this.types = types;
    }

    public @Nullable String getSql() {
        return sql;
    }

    public void setSql(@Nullable String sql) {
        this.sql = sql;
    }
}
