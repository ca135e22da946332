package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.oncemq.StartPosition;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** K3: what is concluded from the answers of a cluster. Each partition begins at 10, ends at 100 and has its first message of the start's time at 40. */
class StartQuestionTest {
    private static final Uuid ID = Uuid.randomUuid();
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final GroupName NAME = ConsumerGroups.PER_SUBSCRIPTION.name("orders", "billing");
    private static final long OPENED = 1_000_000;

    private final Cluster cluster = new Cluster();

    @Test
    void aPartitionIsReadWhereTheGroupHasCommittedForThisTopic() {
        cluster.committed.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        StartAnswer answer = ask(StartPosition.EARLIEST, "", false);
        assertThat(answer.committed()).containsOnlyKeys(FIRST);
        assertThat(answer.positions()).containsExactly(entry(SECOND, 10L));
        assertThat(answer.other()).isFalse();
        assertThat(answer.topic()).isEqualTo(ID.toString());
    }

    @Test
    void aNewGroupStartsAtTheEarliest() {
        assertThat(ask(StartPosition.EARLIEST, "", false).positions())
                .containsOnly(entry(FIRST, 10L), entry(SECOND, 10L));
    }

    @Test
    void aNewGroupThatStartsAtTheLatestSkipsWhatWasThereWhenItsFirstSourceOpened() {
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        assertThat(answer.positions()).containsOnly(entry(FIRST, 40L), entry(SECOND, 40L));
        assertThat(answer.note()).isEqualTo(new CommitNote(ID.toString(), 2, OPENED));
        askedSince(OPENED);
    }

    @Test
    void withoutAMessageOfThatTimeItStartsAtTheEnd() {
        cluster.firstSince = -1;
        assertThat(ask(StartPosition.LATEST, "", false).positions()).containsEntry(FIRST, 100L);
    }

    @Test
    void aLaterMemberCountsFromTheInstantThatTheFirstOneHasNoted() {
        cluster.committed.put(SECOND, committed(55, new CommitNote(ID.toString(), 1, 777)));
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        askedSince(777);
        assertThat(answer.positions()).containsExactly(entry(FIRST, 40L));
        assertThat(answer.note()).isEqualTo(new CommitNote(ID.toString(), 1, 777));
    }

    @Test
    void aPartitionThatWasAddedAfterALateStartIsReadFromItsBeginning() {
        cluster.committed.put(FIRST, committed(55, new CommitNote(ID.toString(), 1, 777)));
        assertThat(ask(StartPosition.LATEST, "", false).positions()).containsExactly(entry(SECOND, 10L));
    }

    @Test
    void anInstantInTheFutureIsTheTimeOfTheOpening() {
        ask(StartPosition.at(Instant.ofEpochMilli(OPENED + 1)), "", false);
        askedSince(OPENED);
        ask(StartPosition.at(Instant.ofEpochMilli(OPENED - 1)), "", false);
        askedSince(OPENED - 1);
    }

    @Test
    void offsetsOfAnEarlierTopicOfThisNameDoNotCount() {
        cluster.committed.put(FIRST, committed(55, CommitNote.of("another")));
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        assertThat(answer.other()).isTrue();
        assertThat(answer.committed()).isEmpty();
        assertThat(answer.positions()).containsOnly(entry(FIRST, 10L), entry(SECOND, 10L));
    }

    @Test
    void aTopicWithAnotherIdThanTheLastOneIsAnother() {
        assertThat(ask(StartPosition.EARLIEST, "another", false).other()).isTrue();
        assertThat(ask(StartPosition.EARLIEST, ID.toString(), false).other()).isFalse();
    }

    /** Foreign programs commit without a note. */
    @Test
    void anOffsetWithoutANoteCountsUntilTheTopicWasRecreated() {
        cluster.committed.put(FIRST, new OffsetAndMetadata(55));
        assertThat(ask(StartPosition.EARLIEST, "", false).committed()).containsOnlyKeys(FIRST);
        assertThat(ask(StartPosition.EARLIEST, "", true).committed()).isEmpty();
    }

    @Test
    void aLostPositionIsReplacedByTheEarliestAlthoughItIsCommitted() {
        cluster.committed.put(FIRST, committed(5, CommitNote.of(ID.toString())));
        OwnedPartition lost = new OwnedPartition(FIRST, 1);
        lost.lost("out of range");
        StartAnswer answer = ask(StartPosition.EARLIEST, "", false, lost).join();
        assertThat(answer.positions()).containsExactly(entry(FIRST, 10L));
        assertThat(answer.has(lost)).isTrue();
    }

    @Test
    void aPartitionWhoseLeaderDoesNotAnswerHasNoPosition() {
        cluster.leaderless = SECOND;
        StartAnswer answer = ask(StartPosition.EARLIEST, "", false);
        assertThat(answer.has(new OwnedPartition(FIRST, 1))).isTrue();
        assertThat(answer.has(new OwnedPartition(SECOND, 1))).isFalse();
    }

    @Test
    void aLostPartitionIsNotAnsweredByItsCommittedOffset() {
        cluster.committed.put(FIRST, committed(5, CommitNote.of(ID.toString())));
        cluster.leaderless = FIRST;
        OwnedPartition lost = new OwnedPartition(FIRST, 1);
        lost.lost("out of range");
        assertThat(ask(StartPosition.EARLIEST, "", false, lost).join().has(lost))
                .isFalse();
    }

    /** A missing offset would look like a new group. */
    @Test
    void committedOffsetsThatAreNotKnownForEveryPartitionFailTheQuestion() {
        cluster.unknown = SECOND;
        assertThat(ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void theClientsExceptionIsTheAnswer() {
        cluster.refusal = new TopicAuthorizationException("no right");
        CompletableFuture<StartAnswer> answer = ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1));
        assertThat(answer)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isSameAs(cluster.refusal);
    }

    /** Its messages would be handled again, or skipped by a group that starts at the latest. */
    @Test
    void aPartitionIsReadWhereTheOtherConsumerGroupHasCommittedForThisTopic() {
        cluster.committed.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(SECOND, new OffsetAndMetadata(66));
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        assertThat(answer.committed()).containsOnlyKeys(FIRST);
        assertThat(answer.moved()).containsExactly(entry(SECOND, new OffsetAndMetadata(66)));
        assertThat(answer.positions()).isEmpty();
        assertThat(answer.has(new OwnedPartition(SECOND, 2))).isTrue();
        assertThat(answer.note().startedLate()).isFalse();
    }

    @Test
    void whatTheOtherConsumerGroupHasNotedOfALateStartCounts() {
        cluster.elsewhere.put(FIRST, committed(55, new CommitNote(ID.toString(), 1, 777)));
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        assertThat(answer.note()).isEqualTo(new CommitNote(ID.toString(), 1, 777));
        assertThat(answer.positions()).containsExactly(entry(SECOND, 10L));
    }

    @Test
    void offsetsOfTheOtherConsumerGroupForAnEarlierTopicDoNotCount() {
        cluster.elsewhere.put(FIRST, committed(55, CommitNote.of("another")));
        StartAnswer answer = ask(StartPosition.LATEST, "", false);
        assertThat(answer.moved()).isEmpty();
        assertThat(answer.positions()).containsOnly(entry(FIRST, 10L), entry(SECOND, 10L));
    }

    @Test
    void aLostPositionIsNotReplacedByAnOffsetOfTheOtherConsumerGroup() {
        cluster.elsewhere.put(FIRST, committed(5, CommitNote.of(ID.toString())));
        OwnedPartition lost = new OwnedPartition(FIRST, 1);
        lost.lost("out of range");
        assertThat(ask(StartPosition.EARLIEST, "", false, lost).join().positions())
                .containsExactly(entry(FIRST, 10L));
    }

    /** They would handle the same messages at the same time. */
    @Test
    void membersOfTheOtherConsumerGroupThatReadTheTopicAreWaitedFor() {
        cluster.elsewhere.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.members = 2;
        assertThat(ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RetriableException.class)
                .withMessageContaining("consumer group billing still has 2 members that read topic orders")
                .withMessageContaining("consumer.groups=group");
    }

    /** They have begun, and not committed yet. */
    @Test
    void aNewGroupWaitsForMembersOfTheOtherConsumerGroupThatHaveCommittedNothing() {
        cluster.members = 1;
        assertThat(ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(OtherGroupBusyException.class);
    }

    /** After a change there and back: what was handled in between would be handled again. */
    @Test
    void anOwnOffsetBeforeThatOfTheOtherConsumerGroupIsNotTaken() {
        cluster.committed.put(FIRST, committed(10, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(FIRST, committed(500, CommitNote.of(ID.toString())));
        assertThat(ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(OtherGroupAheadException.class)
                .withMessageContaining("billing@@orders is at offset 10 of orders-0")
                .withMessageContaining("consumer group billing at the later offset 500")
                .withMessageContaining("--delete-offsets --topic orders --group billing@@orders to continue at 500")
                .withMessageContaining("--group billing to continue at 10");
    }

    @Test
    void anOwnOffsetForAnEarlierTopicIsNotComparedWithTheOtherConsumerGroups() {
        cluster.committed.put(FIRST, committed(10, CommitNote.of("another")));
        cluster.elsewhere.put(FIRST, committed(500, CommitNote.of(ID.toString())));
        StartAnswer answer = ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1))
                .join();
        assertThat(answer.positions()).containsExactly(entry(FIRST, 10L));
    }

    /** A partition that was added: another program of that name, which has read it, has handled nothing for this group. */
    @Test
    void anotherProgramsOffsetsDoNotCountForAGroupThatHasBegun() {
        cluster.committed.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(FIRST, new OffsetAndMetadata(90));
        cluster.elsewhere.put(SECOND, new OffsetAndMetadata(66));
        cluster.members = 1;
        StartAnswer answer = ask(StartPosition.EARLIEST, "", false);
        assertThat(answer.moved()).isEmpty();
        assertThat(answer.positions()).containsExactly(entry(SECOND, 10L));
    }

    @Test
    void partitionsWithOffsetsDoNotWaitForMembersOfTheOtherConsumerGroup() {
        cluster.committed.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(FIRST, committed(55, CommitNote.of(ID.toString())));
        cluster.elsewhere.put(SECOND, committed(66, CommitNote.of(ID.toString())));
        cluster.members = 1;
        assertThat(ask(StartPosition.EARLIEST, "", false, new OwnedPartition(FIRST, 1))
                        .join()
                        .committed())
                .containsOnlyKeys(FIRST);
    }

    private void askedSince(long time) {
        assertThat(cluster.askedSince).usingRecursiveComparison().isEqualTo(OffsetSpec.forTimestamp(time));
    }

    private static OffsetAndMetadata committed(long offset, CommitNote note) {
        return new OffsetAndMetadata(offset, note.text());
    }

    private StartAnswer ask(StartPosition start, String lastTopic, boolean recreated) {
        return ask(start, lastTopic, recreated, new OwnedPartition(FIRST, 1), new OwnedPartition(SECOND, 2))
                .join();
    }

    private CompletableFuture<StartAnswer> ask(
            StartPosition start, String lastTopic, boolean recreated, OwnedPartition... partitions) {
        SourceSpec spec = SourceSpec.builder("orders", "billing").startAt(start).build();
        return new StartQuestion(cluster, spec, NAME, OPENED, lastTopic, recreated, List.of(partitions)).ask();
    }

    /** Answers at once. */
    private static final class Cluster implements PositionView {
        final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        final Map<TopicPartition, OffsetAndMetadata> elsewhere = new HashMap<>();
        long members;
        long firstSince = 40;

        @Nullable
        OffsetSpec askedSince;

        @Nullable
        TopicPartition leaderless;

        @Nullable
        TopicPartition unknown;

        @Nullable
        RuntimeException refusal;

        @Override
        public CompletionStage<TopicDescription> topicLater(String topic, Duration timeout) {
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            List<TopicPartitionInfo> partitions = IntStream.range(0, 2)
                    .mapToObj(i -> new TopicPartitionInfo(i, Node.noNode(), List.of(), List.of()))
                    .toList();
            return CompletableFuture.completedFuture(new TopicDescription(topic, false, partitions, null, ID));
        }

        @Override
        public CompletionStage<Map<TopicPartition, @Nullable OffsetAndMetadata>> committedLater(
                String group, Collection<TopicPartition> partitions, Duration timeout) {
            Map<TopicPartition, @Nullable OffsetAndMetadata> answer = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> known = group.equals(NAME.own()) ? committed : elsewhere;
            partitions.forEach(each -> answer.put(each, known.get(each)));
            answer.remove(unknown);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletionStage<Long> membersLater(String group, String topic, Duration timeout) {
            assertThat(group).isEqualTo(NAME.other());
            return CompletableFuture.completedFuture(members);
        }

        @Override
        public CompletionStage<Map<TopicPartition, Long>> offsetsLater(
                Map<TopicPartition, OffsetSpec> question, Duration timeout) {
            Map<TopicPartition, Long> answer = new HashMap<>();
            question.forEach((partition, asked) -> answer.put(partition, offset(asked)));
            answer.remove(leaderless);
            return CompletableFuture.completedFuture(answer);
        }

        private long offset(OffsetSpec asked) {
            if (asked instanceof OffsetSpec.TimestampSpec) {
                askedSince = asked;
                return firstSince;
            }
            return asked instanceof OffsetSpec.EarliestSpec ? 10 : 100;
        }
    }
}
