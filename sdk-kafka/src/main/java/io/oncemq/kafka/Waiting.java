package io.oncemq.kafka;

import io.oncemq.kafka.TopicRoute.Held;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages that wait, in their order, of which any one can be taken out at once. Guarded by its owner. */
final class Waiting {
    private final Map<Object, OutboundFrame> frames = new LinkedHashMap<>();

    void add(OutboundFrame frame, Object context) {
        frames.put(context, frame);
    }

    @Nullable
    Held poll() {
        Iterator<Map.Entry<Object, OutboundFrame>> all = frames.entrySet().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Map.Entry<Object, OutboundFrame> first = all.next();
        Held held = new Held(first.getValue(), first.getKey());
        all.remove();
        return held;
    }

    boolean remove(Object context) {
        return frames.remove(context) != null;
    }

    /** Takes out what has a key, the last one first. */
    List<Held> takeKeyed() {
        List<Held> keyed = new ArrayList<>();
        frames.entrySet().removeIf(each -> {
            boolean hasKey = each.getValue().key() != null;
            if (hasKey) {
                keyed.add(new Held(each.getValue(), each.getKey()));
            }
            return hasKey;
        });
        Collections.reverse(keyed);
        return keyed;
    }
}
