package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.FrameHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** The size of frame that the client accepts from the server. */
final class FrameLimit {
    private static final int HEADERS_OF_SERVER = 64 << 10;

    /** Absent from older clients, such as 5.30 of Spring Boot 4.1: they accept frames of any size. */
    private static final @Nullable Method SET_FRAME_MAX = setter();

    private FrameLimit() {}

    /**
     * The server counts redeliveries and deaths in the header frame and sends it though it is larger than agreed by then. The client would
     * end the connection over it, at each delivery again, and with it all sources that share it.
     */
    static void takeLargerHeaders(Connection connection) {
        int agreed = connection.getFrameMax();
        if (SET_FRAME_MAX == null || agreed <= 0 || !(connection instanceof AMQConnection plain)) {
            return;
        }
        try {
            SET_FRAME_MAX.invoke(plain.getFrameHandler(), agreed + HEADERS_OF_SERVER);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("frames larger than " + agreed + " bytes cannot be allowed", e);
        }
    }

    private static @Nullable Method setter() {
        try {
            return FrameHandler.class.getMethod("setFrameMax", int.class);
        } catch (NoSuchMethodException olderClient) {
            return null;
        }
    }
}
