package io.oncemq.core.consume;

import io.oncemq.spi.StoreAnswer;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** Describes a searched world, equal for worlds that differ only in the names of owners and in the distance of times and tokens. */
final class WorldPrint {
    private final EngineWorld world;
    private final StringBuilder text = new StringBuilder(512);
    private final TreeSet<Long> tokens = new TreeSet<>();

    private WorldPrint(EngineWorld world) {
        this.world = world;
    }

    static long of(EngineWorld world) {
        return new WorldPrint(world).hash();
    }

    private long hash() {
        for (SearchedProcess process : world.processes) {
            process.works.forEach(work -> tokens.add(work.token));
        }
        text.append(world.owner).append(world.crashes).append(world.lapses).append(world.moves);
        text.append(world.replies).append(world.losses).append(world.nanos < world.openAt);
        text.append(Arrays.toString(world.derived));
        text.append(world.closes).append(world.reversals).append(world.reversed);
        text.append(Arrays.toString(world.acknowledged)).append(Arrays.toString(world.done));
        text.append(Arrays.toString(world.dead)).append(Arrays.toString(world.letters));
        text.append(Arrays.toString(world.starts)).append(Arrays.toString(world.effects));
        for (SearchedProcess process : world.processes) {
            process(process);
        }
        records();
        long hash = 0x9E3779B97F4A7C15L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0xBF58476D1CE4E5B9L;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }

    private void process(SearchedProcess p) {
        text.append('|').append(p.fed).append(p.assigned).append(p.closing).append(p.draining != null);
        if (p.shard != null) {
            text.append(p.shard.leaving).append(p.shard.gone).append(p.shard.started);
        }
        text.append(p.claims.awaited()).append(p.inFlight.count()).append(p.loop.nextTimer() != null);
        for (Work work : p.works) {
            if (!work.settled() || pending(p, work)) {
                work(p, work);
            }
        }
        p.settlements.forEach(operation -> operation(p, operation));
        text.append('/');
        p.claimCommands.forEach(operation -> operation(p, operation));
        text.append('h').append(p.store.dataLosses());
        p.held.forEach(operation -> operation(p, operation));
        p.derivations.forEach(derivation -> text.append('d').append(place(p, derivation.work())));
        SearchedProcess.Reply reply = p.reply;
        if (reply != null) {
            for (int i = 0; i < reply.answers().size(); i++) {
                StoreAnswer answer = reply.answers().get(i);
                operation(p, reply.operations().get(i));
                text.append(answer.kind()).append(answer.attempt()).append(answer.suspect());
            }
            text.append(world.nanos - reply.sentAt() > 50_000_000_000L);
        }
        p.queued.forEach(work -> text.append('q').append(p.works.indexOf(work)));
        p.running.forEach(work -> text.append('r').append(p.works.indexOf(work)));
        p.letters.forEach(letter -> text.append('l').append(letter.id()));
    }

    private static boolean pending(SearchedProcess p, Work work) {
        return work.awaited
                || p.held.stream().anyMatch(operation -> operation.work() == work)
                || p.derivations.stream().anyMatch(derivation -> derivation.work() == work)
                || p.settlements.stream().anyMatch(operation -> operation.work() == work)
                || p.reply != null && p.reply.operations().stream().anyMatch(operation -> operation.work() == work);
    }

    private void operation(SearchedProcess p, StoreOperation operation) {
        text.append(operation.command().type())
                .append(operation.command().attempt())
                .append(place(p, operation.work()));
    }

    private static String place(SearchedProcess p, Work work) {
        return work.identity.id() + (work.shard == p.shard ? "" : "'");
    }

    private void work(SearchedProcess p, Work work) {
        text.append(';').append(place(p, work)).append(work.stage()).append(work.verdict);
        text.append(flag(work.suspect)).append(flag(work.lostBefore)).append(flag(work.detached));
        text.append(flag(work.claimed)).append(flag(work.awaited)).append(flag(work.leased));
        text.append(flag(work.renewing)).append(flag(work.hasSlot)).append(flag(work.counted));
        text.append(flag(work.holdsLease(world.nanos))).append(work.phase()).append(work.attempt);
        text.append(tokens.headSet(work.token).size());
        Lane lane = work.lane;
        text.append(flag(lane != null && lane.wouldStepBack(work)));
    }

    private static char flag(boolean on) {
        return on ? '1' : '0';
    }

    /** The store's records by reflection: it shows them to nobody. */
    private void records() {
        try {
            Map<?, ?> groups = (Map<?, ?>) read(world.store, "groups");
            for (Object claims : groups.values()) {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) read(claims, "records")).entrySet()) {
                    record(entry.getKey(), read(entry.getValue(), "record"));
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object read(Object from, String name) throws ReflectiveOperationException {
        Field field = from.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }

    private void record(Object id, Object claim) throws ReflectiveOperationException {
        text.append('#').append(id);
        for (RecordComponent component : claim.getClass().getRecordComponents()) {
            Object value = read(claim, component.getName());
            switch (component.getName()) {
                case "leaseUntil" -> text.append(flag(((Instant) value).isAfter(world.clock.instant())));
                case "token" -> text.append(tokens.headSet((Long) value).size());
                case "owner" -> text.append(owner(value));
                default -> text.append(value);
            }
        }
    }

    private String owner(Object owner) {
        for (int i = 0; i < world.processes.length; i++) {
            SearchedProcess process = world.processes[i];
            for (Work work : process.works) {
                if (work.owner.equals(owner)) {
                    return "@" + i + place(process, work) + flag(work.settled());
                }
            }
        }
        return "@none";
    }
}
