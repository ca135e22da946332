package io.oncemq.core.consume;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Looks for messages that an object keeps from the garbage collector, through this library's fields and the JDK's collections. */
final class Reachable {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();

    private Reachable() {}

    static List<Work> works(Object root) {
        return new Reachable().walk(root);
    }

    private List<Work> walk(Object root) {
        List<Work> works = new ArrayList<>();
        add(root);
        while (!open.isEmpty()) {
            Object next = open.remove();
            if (next instanceof Work work) {
                works.add(work);
            }
            expand(next);
        }
        return works;
    }

    private void add(@Nullable Object object) {
        if (object != null && seen.add(object)) {
            open.add(object);
        }
    }

    private void expand(Object object) {
        if (object instanceof Collection<?> collection) {
            collection.forEach(this::add);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::add);
            map.values().forEach(this::add);
        } else if (object instanceof AtomicReference<?> reference) {
            add(reference.get());
        } else if (object instanceof Object[] array) {
            Arrays.stream(array).forEach(this::add);
        } else {
            for (Class<?> type = object.getClass(); type != null && ours(type); type = type.getSuperclass()) {
                fields(object, type);
            }
        }
    }

    private static boolean ours(Class<?> type) {
        return type.getName().startsWith("io.oncemq.");
    }

    private void fields(Object object, Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (!field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                try {
                    add(field.get(object));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
