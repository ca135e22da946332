package io.oncemq.torture;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Objects of the SPI of which one method is another. */
final class Decorated {
    private Decorated() {}

    /** Called in place of a method. */
    @FunctionalInterface
    interface Instead {
        /** @return null to call the method as it was */
        @Nullable
        Object call(String method, Object[] arguments);
    }

    static <T> T of(Class<T> type, T delegate, Instead instead) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object[] given = arguments == null ? new Object[0] : arguments;
            Object answer = instead.call(method.getName(), given);
            if (answer != null) {
                return answer;
            }
            try {
                return method.invoke(delegate, given);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
