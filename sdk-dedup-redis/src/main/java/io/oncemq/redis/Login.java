package io.oncemq.redis;

import org.jspecify.annotations.Nullable;

/** Who a client says it is. @param user null for the server's default user */
record Login(@Nullable String user, @Nullable String password) {
    static final Login NONE = new Login(null, null);

    @Override
    public String toString() {
        String name = user == null ? "" : user;
        return password == null ? name : name + ":***";
    }
}
