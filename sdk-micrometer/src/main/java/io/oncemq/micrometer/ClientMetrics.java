package io.oncemq.micrometer;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.MessagingEvent.AnotherClusterSuspected;
import io.oncemq.MessagingEvent.CompletionAlert;
import io.oncemq.MessagingEvent.CompletionBlocked;
import io.oncemq.MessagingEvent.DeadLetterDelayed;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.DeliveryRetried;
import io.oncemq.MessagingEvent.DestinationRecreated;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.HandlerOverrun;
import io.oncemq.MessagingEvent.IdReused;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsAssigned;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.MessagingEvent.PartitionsLost;
import io.oncemq.MessagingEvent.PartitionsMoved;
import io.oncemq.MessagingEvent.PartitionsRestored;
import io.oncemq.MessagingEvent.PartitionsRevoked;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingResumed;
import io.oncemq.MessagingEvent.PublishingSuspended;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreDataLost;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.MessagingEvent.SubscriptionRestarted;
import io.oncemq.MessagingEventListener;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.Subscription;

/** Turns what one client tells into meters. Thread-safe. */
final class ClientMetrics implements MessagingEventListener, MessageInterceptor {
    private final Meters meters;
    private final ClientFacts facts = new ClientFacts();

    ClientMetrics(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void opened(String clientId, String system) {
        facts.opened(clientId, system);
        meters.counter(OnceMqMeter.SESSIONS_REPLACED, system);
        meters.counter(OnceMqMeter.RESENT, system);
        meters.broker(system);
        meters.counter(OnceMqMeter.COMPLETIONS_BLOCKED, system);
    }

    @Override
    public void subscribed(String reader, String group, Subscription subscription) {
        facts.subscribed(subscription.destination(), reader, group);
        group(subscription.destination(), reader).subscribed(reader(reader), subscription);
    }

    @Override
    public void publisherOpened(Publisher<?> publisher) {
        destination(publisher.destination()).opened(this, publisher);
    }

    @Override
    public Publishing publishing(String destination, OutboundMessage<?> message, Headers.Builder headers) {
        return destination(destination).publishing();
    }

    @Override
    public Handling handling(String destination, String group, Delivery<?> delivery) {
        return group(destination, group).handling();
    }

    @Override
    public void onEvent(MessagingEvent event) {
        if (!ofMessages(event) && !ofSubscriptions(event)) {
            ofPublishing(event);
        }
    }

    private boolean ofMessages(MessagingEvent event) {
        if (event instanceof DeliveryCompleted e) {
            group(e.destination(), e.group()).outcome(GroupState.PROCESSED);
        } else if (event instanceof DuplicateSuppressed e) {
            group(e.destination(), e.group()).outcome(GroupState.DUPLICATE);
        } else if (event instanceof IdReused e) {
            group(e.destination(), e.group()).outcome(GroupState.ID_REUSED);
        } else if (event instanceof DeliveryRetried e) {
            group(e.destination(), e.group()).outcome(GroupState.RETRIED);
        } else if (event instanceof DeadLettered e) {
            GroupState group = group(e.destination(), e.group());
            group.outcome(GroupState.DEAD_LETTERED);
            group.count(OnceMqMeter.DEAD_LETTERS, e.reason());
        } else if (event instanceof DeadLetterDelayed e) {
            group(e.destination(), e.group()).count(OnceMqMeter.DEAD_LETTERS_DELAYED);
        } else if (event instanceof DeadLetterTooLarge e) {
            group(e.destination(), e.group()).count(OnceMqMeter.DEAD_LETTERS_TOO_LARGE, Outcomes.lower(e.choice()));
        } else if (event instanceof CompletionAlert e) {
            group(e.destination(), e.group()).count(OnceMqMeter.COMPLETION_ALERTS, Outcomes.lower(e.kind()));
        } else if (event instanceof HandlerOverrun e) {
            group(e.destination(), e.group()).count(OnceMqMeter.HANDLER_OVERRUNS);
        } else {
            return false;
        }
        return true;
    }

    private boolean ofSubscriptions(MessagingEvent event) {
        if (event instanceof PartitionsAssigned e) {
            group(e.destination(), e.group()).assigned(reader(e.group()), e.partitions());
        } else if (event instanceof PartitionsRevoked e) {
            group(e.destination(), e.group()).gone(reader(e.group()), e.partitions());
        } else if (event instanceof PartitionsLost e) {
            GroupState group = group(e.destination(), e.group());
            group.gone(reader(e.group()), e.partitions());
            e.partitions().forEach(shard -> group.count(OnceMqMeter.PARTITIONS_LOST));
        } else if (event instanceof PositionsLost e) {
            group(e.destination(), e.group()).count(OnceMqMeter.POSITIONS_LOST);
        } else if (event instanceof StoreUnavailable e) {
            group(e.destination(), e.group()).storeAway(reader(e.group()));
        } else if (event instanceof StoreAvailable e) {
            group(e.destination(), e.group())
                    .storeBack(reader(e.group()), e.outage().toNanos());
        } else if (event instanceof StoreDataLost e) {
            group(e.destination(), e.group()).count(OnceMqMeter.STORE_DATA_LOST);
        } else if (event instanceof AccessRefused e) {
            group(e.destination(), e.group()).lockedOut(reader(e.group()), true);
        } else if (event instanceof AccessRegained e) {
            group(e.destination(), e.group()).lockedOut(reader(e.group()), false);
        } else if (event instanceof SourceInterrupted e) {
            group(e.destination(), e.group()).interrupted(reader(e.group()), e.partition());
        } else if (event instanceof SourceResumed e) {
            group(e.destination(), e.group())
                    .resumed(reader(e.group()), e.partition(), e.outage().toNanos());
        } else if (event instanceof SubscriptionFailed e) {
            group(e.destination(), e.group()).failed(reader(e.group()));
        } else {
            return ofRareThings(event);
        }
        return true;
    }

    private boolean ofRareThings(MessagingEvent event) {
        if (event instanceof SubscriptionRestarted e) {
            group(e.destination(), e.group()).count(OnceMqMeter.SUBSCRIPTIONS_RESTARTED);
        } else if (event instanceof DestinationRecreated e) {
            group(e.destination(), e.group()).count(OnceMqMeter.DESTINATIONS_RECREATED);
        } else if (event instanceof AnotherClusterSuspected e) {
            group(e.destination(), e.group()).count(OnceMqMeter.CLUSTERS_SUSPECTED);
        } else {
            return false;
        }
        return true;
    }

    private void ofPublishing(MessagingEvent event) {
        if (event instanceof PublishingSuspended e) {
            destination(e.destination()).suspended(this, true);
        } else if (event instanceof PublishingResumed e) {
            destination(e.destination()).suspended(this, false);
        } else if (event instanceof PublishingBlocked e) {
            meters.broker(facts.system()).blocked(this, e.destination(), true);
        } else if (event instanceof PublishingUnblocked e) {
            meters.broker(facts.system()).blocked(this, e.destination(), false);
        } else if (event instanceof PartitionsChanged e) {
            destination(e.destination()).held(this, true);
        } else if (event instanceof PartitionsMoved e) {
            destination(e.destination()).held(this, true);
        } else if (event instanceof PartitionsAccepted e) {
            destination(e.destination()).held(this, false);
        } else if (event instanceof PartitionsRestored e) {
            destination(e.destination()).held(this, false);
        } else if (event instanceof SendBlocked e) {
            meters.counter(OnceMqMeter.SENDS_BLOCKED, facts.system(), e.destination())
                    .increment();
        } else if (event instanceof CompletionBlocked) {
            meters.counter(OnceMqMeter.COMPLETIONS_BLOCKED, facts.system()).increment();
        } else if (event instanceof PublishSessionReplaced e) {
            meters.counter(OnceMqMeter.SESSIONS_REPLACED, facts.system()).increment();
            meters.counter(OnceMqMeter.RESENT, facts.system()).increment(e.resent());
        }
    }

    private DestinationState destination(String destination) {
        return meters.destination(facts.system(), destination);
    }

    private GroupState group(String destination, String reader) {
        return meters.group(facts.system(), destination, facts.group(destination, reader));
    }

    private GroupState.Reader reader(String name) {
        return new GroupState.Reader(this, name);
    }
}
