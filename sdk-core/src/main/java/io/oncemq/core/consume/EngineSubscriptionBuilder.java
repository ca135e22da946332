package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Codec;
import io.oncemq.ConfigurationException;
import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Feature;
import io.oncemq.GroupNames;
import io.oncemq.LostPositions;
import io.oncemq.MessageFilter;
import io.oncemq.MessageHandler;
import io.oncemq.Ordering;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the settings, then starts an {@link EngineSubscription}. */
public final class EngineSubscriptionBuilder<T> implements SubscriptionBuilder<T> {
    /** Without a full stop, so that no instance is named as a replay is. */
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final EngineContext context;
    private final String destination;
    private final Codec<T> codec;
    private final BiConsumer<String, List<String>> preflight;
    private final Consumer<EngineSubscription> started;

    private @Nullable String group;
    private @Nullable String instance;
    private int concurrency = 64;
    private int maxInFlight = 10_000;
    private long maxInFlightBytes = 64L << 20;
    private RetryPolicy retry = RetryPolicy.defaults();
    private DeadLetterPolicy deadLetter = DeadLetterPolicy.defaults();
    private Ordering ordering = Ordering.PER_KEY;
    private CrashPolicy crashPolicy = CrashPolicy.REPROCESS;
    private Duration lease = Duration.ofSeconds(30);
    private Duration handlerTimeout = Duration.ofMinutes(5);
    private Duration drainTimeout = Duration.ofSeconds(20);
    private StartPosition startAt = StartPosition.EARLIEST;
    private LostPositions onLost = LostPositions.STOP;
    private @Nullable Replay replay;
    private @Nullable MessageFilter filter;
    private @Nullable MessageHandler<T> handler;
    private @Nullable AsyncMessageHandler<T> asyncHandler;

    /**
     * @param preflight looks at the destination and at those of its dead letters once they are known to exist; throws to refuse
     * @param started told of the subscription that was started
     */
    public EngineSubscriptionBuilder(
            EngineContext context,
            String destination,
            Codec<T> codec,
            BiConsumer<String, List<String>> preflight,
            Consumer<EngineSubscription> started) {
        this.context = context;
        this.destination = destination;
        this.codec = codec;
        this.preflight = preflight;
        this.started = started;
    }

    @Override
    public SubscriptionBuilder<T> group(String name) {
        if (name.isBlank()) {
            throw new ConfigurationException("group", "''", "is blank", "Name the logical subscriber, such as billing");
        }
        GroupNames.check("group", name);
        this.group = name;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> broadcast(String name) {
        if (!INSTANCE.matcher(name).matches()) {
            throw new ConfigurationException(
                    "broadcast",
                    "'" + name + "'",
                    "is not a valid instance name",
                    "Use at most 100 letters, digits, - and _, the same at each start, such as the name of the pod");
        }
        this.instance = name;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> concurrency(int handlers) {
        this.concurrency = between("concurrency", handlers, 1, 10_000);
        return this;
    }

    @Override
    public SubscriptionBuilder<T> maxInFlight(int messages) {
        this.maxInFlight = between("maxInFlight", messages, 1, 1_000_000);
        return this;
    }

    @Override
    public SubscriptionBuilder<T> maxInFlightBytes(long bytes) {
        if (bytes < 1) {
            throw new ConfigurationException("maxInFlightBytes", bytes, "is below 1", "Use for example 67108864");
        }
        this.maxInFlightBytes = bytes;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> retry(RetryPolicy policy) {
        this.retry = policy;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> deadLetter(DeadLetterPolicy policy) {
        this.deadLetter = policy;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> ordering(Ordering order) {
        this.ordering = order;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> crashPolicy(CrashPolicy policy) {
        this.crashPolicy = policy;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> lease(Duration duration) {
        this.lease = between("lease", duration, Duration.ofSeconds(1), Duration.ofMinutes(10));
        return this;
    }

    @Override
    public SubscriptionBuilder<T> handlerTimeout(Duration timeout) {
        this.handlerTimeout = between("handlerTimeout", timeout, Duration.ofMillis(1), Duration.ofDays(7));
        return this;
    }

    @Override
    public SubscriptionBuilder<T> drainTimeout(Duration timeout) {
        this.drainTimeout = between("drainTimeout", timeout, Duration.ZERO, Duration.ofMinutes(30));
        return this;
    }

    @Override
    public SubscriptionBuilder<T> startAt(StartPosition position) {
        this.startAt = position;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> onLostPositions(LostPositions policy) {
        this.onLost = policy;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> replay(Replay wanted) {
        this.replay = wanted;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> filter(MessageFilter wanted) {
        this.filter = wanted;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> handler(MessageHandler<T> code) {
        this.handler = code;
        this.asyncHandler = null;
        return this;
    }

    @Override
    public SubscriptionBuilder<T> asyncHandler(AsyncMessageHandler<T> code) {
        this.handler = null;
        this.asyncHandler = code;
        return this;
    }

    @Override
    public Subscription start() {
        if (handler == null && asyncHandler == null) {
            throw new ConfigurationException(
                    "handler", "(none)", "the subscription has no handler", "Call handler(…) or asyncHandler(…)");
        }
        codec.checkDecodable();
        SubscriptionSpec spec = checked();
        EngineSubscription subscription = EngineSubscription.start(context, spec, codec, handler, asyncHandler);
        started.accept(subscription);
        return subscription;
    }

    private SubscriptionSpec checked() {
        if (group == null) {
            throw new ConfigurationException(
                    "group", "(none)", "the subscription has no group", "Call group(\"billing\") or the like");
        }
        if (maxInFlight < concurrency) {
            throw new ConfigurationException(
                    "maxInFlight",
                    maxInFlight,
                    "is below the concurrency of " + concurrency,
                    "Raise it, or lower concurrency");
        }
        requireFeatures();
        SubscriptionSpec spec = new SubscriptionSpec(
                destination,
                instance == null ? group : GroupNames.instance(group, instance),
                context.transport().namespace(),
                context.cluster().scopeOf(destination),
                instance == null ? null : group,
                concurrency,
                maxInFlight,
                maxInFlightBytes,
                retry,
                deadLetter,
                ordering,
                crashPolicy,
                lease,
                handlerTimeout,
                drainTimeout,
                startAt,
                onLost,
                replay,
                filter);
        Duration remembered = context.store() == null ? null : context.store().rememberFor();
        if (remembered != null) {
            MemoryRules.check(spec, remembered);
        }
        requireDestination(destination, "destination");
        if (instance == null) {
            requireGroup(spec.group());
        }
        if (filter != null) {
            context.transport().checkFilter(destination, filter);
        }
        new StartRules(context, spec).check();
        preflight.accept(destination, deadLetterDestinations(spec));
        return spec;
    }

    /**
     * With block() too: expired messages go there, and dead letters that were begun under another policy. It may be missing then: such a
     * message holds its key, with an event, as every message that fails does under that policy.
     */
    private List<String> deadLetterDestinations(SubscriptionSpec spec) {
        String letters = spec.deadLetterDestination();
        if (spec.deadLetters()) {
            requireDestination(letters, "deadLetter.destination");
            return List.of(letters);
        }
        return context.transport().exists(letters) ? List.of(letters) : List.of();
    }

    private void requireFeatures() {
        if (ordering == Ordering.PER_KEY) {
            context.transport().capabilities().require(Feature.ORDER_PER_KEY, "ordering", ordering);
        }
        if (instance != null) {
            context.transport().capabilities().require(Feature.BROADCAST, "broadcast", instance);
        }
        if (filter != null) {
            context.transport().capabilities().require(Feature.FILTER, "filter", filter);
        }
        StartRules.checkAsked(context, startAt, replay, instance);
        switch (deadLetter.onExhausted()) {
            case DEAD_LETTER -> {}
            case BLOCK ->
                context.transport().capabilities().require(Feature.BLOCK_ON_EXHAUSTED, "deadLetter", deadLetter);
            case PARK_KEY -> context.transport().capabilities().require(Feature.PARK_KEY, "deadLetter", deadLetter);
        }
        SubscriptionSpec.requireConsistent(crashPolicy, deadLetter);
        requireQuarantine();
    }

    private void requireQuarantine() {
        if (crashPolicy != CrashPolicy.QUARANTINE) {
            return;
        }
        if (context.store() == null) {
            throw new ConfigurationException(
                    "crashPolicy",
                    crashPolicy,
                    "needs an idempotency store, since only a store remembers what was started",
                    "Name a store with idempotency(…), or use REPROCESS");
        }
    }

    private void requireDestination(String name, String property) {
        if (!context.transport().exists(name)) {
            throw new ConfigurationException(
                    property,
                    name,
                    "does not exist on the broker",
                    "Create it, for example with MessagingClient.ensure(DestinationSpec.builder(\"" + destination
                            + "\")" + (instance == null ? ".group(\"" : ".broadcast(\"") + group + "\").build())");
        }
    }

    private void requireGroup(String name) {
        if (!context.transport().hasGroup(destination, name)) {
            throw new ConfigurationException(
                    "group",
                    name,
                    "is not known to the broker as a reader of " + destination + ", which keeps no messages for it",
                    "Create it with MessagingClient.ensure(DestinationSpec.builder(\"" + destination + "\").group(\""
                            + name + "\").build()) before the first message that it shall receive");
        }
    }

    private static int between(String property, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigurationException(property, value, "is out of range", "Use " + least + " to " + most);
        }
        return value;
    }

    private static Duration between(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ConfigurationException(property, value, "is out of range", "Use " + least + " to " + most);
        }
        return value;
    }
}
