package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Headers;
import io.oncemq.core.DerivedIds;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
    private static final Shard SHARD = new Shard("orders.billing.0", 1, AcknowledgeMode.INDIVIDUAL);

    private final Identities identities = new Identities("orders", List.of("ce_"), null);

    @Test
    void aMessageWithoutIdIsNamedByItsPlace() {
        Identity identity = new Identities("orders", List.of("ce_"), null).of(SHARD, message(7, 42, "t1"));
        assertThat(identity.id()).isEqualTo("orders.billing.0@42#t1");
        assertThat(identity.record()).isNotNull();
        assertThat(identities.of(SHARD, message(7, 0, "t1")).id())
                .as("the first place")
                .isEqualTo("orders.billing.0@0#t1");
    }

    @Test
    void whereTheBrokerNumbersNothingEachDeliveryIsAMessageOfItsOwn() {
        Identities identities = new Identities("orders", List.of("ce_"), null);
        Shard later = new Shard("orders.billing.0", 2, AcknowledgeMode.INDIVIDUAL);
        Identity first = identities.of(SHARD, message(1, -1, ""));
        assertThat(first.record()).isNull();
        assertThat(identities.of(SHARD, message(2, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(identities.of(later, message(1, -1, "")).id()).isNotEqualTo(first.id());
        assertThat(new Identities("orders", List.of("ce_"), null)
                        .of(SHARD, message(1, -1, ""))
                        .id())
                .as("another process")
                .isNotEqualTo(first.id());
    }

    @Test
    void anotherSpellingCountsWhereTheFirstIsAbsent() {
        Identities identities = new Identities("orders", List.of("cloudEvents_", "cloudEvents:"), null);
        Headers other = Headers.builder()
                .add("cloudEvents:id", "1")
                .add("cloudEvents:source", "/shop")
                .build();
        Headers both = other.toBuilder().add("cloudEvents_id", "2").build();
        assertThat(identities.of(SHARD, message(other)).id()).isEqualTo("1");
        assertThat(identities.of(SHARD, message(other)).scope()).isEqualTo("/shop");
        assertThat(identities.of(SHARD, message(both)).id()).isEqualTo("2");
    }

    static Stream<Arguments> hostileIds() {
        return Stream.of(
                Arguments.of(
                        "consecutive binary numbers",
                        IntStream.range(0, 256)
                                .mapToObj(n -> ByteBuffer.allocate(8).putLong(n).array())
                                .toList()),
                Arguments.of(
                        "single bytes",
                        IntStream.range(0, 256)
                                .mapToObj(n -> new byte[] {(byte) n})
                                .toList()),
                Arguments.of(
                        "truncated UTF-8",
                        Stream.of("C3", "E282", "F09F98", "C3A9", "EFBFBD", "FFFD", "3F", "EDA080", "EDB080")
                                .map(HexFormat.of()::parseHex)
                                .toList()),
                Arguments.of(
                        "blanks and zeros",
                        Stream.of("20", "2020", "00", "0000", "0A", "30", "3030")
                                .map(HexFormat.of()::parseHex)
                                .toList()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileIds")
    void idsThatDifferInOneByteAreTwoIds(String kind, List<byte[]> ids) {
        Set<RecordId> records = new HashSet<>();
        Set<String> derived = new HashSet<>();
        for (byte[] id : ids) {
            Identity identity = identities.of(
                    SHARD, message(Headers.builder().add("ce_id", id).build()));
            records.add(identity.recordOrThrow());
            derived.add(DerivedIds.of(identity.scope(), identity.id(), "g", 0, "mails", ""));
            assertThat(KeyBytes.of(identity.id())).as("bytes on the wire").isEqualTo(id);
        }
        assertThat(records).hasSameSizeAs(ids);
        assertThat(derived).hasSameSizeAs(ids);
    }

    @Test
    void nativeIdsThatAreNoUnicodeAreToldApart() {
        Set<RecordId> records = new HashSet<>();
        List<String> ids = List.of(
                "?", "\uD800", "\uD801", "\uDC00", "\uDC80", "\uDBFF\uDBFF", "\uD83D\uDE00", "\uDCC3\uDCA9", "\u00E9");
        ids.forEach(id ->
                records.add(identities.of(SHARD, named(id, Headers.empty())).recordOrThrow()));
        assertThat(records).hasSameSizeAs(ids);
        Set<String> derived = new HashSet<>();
        ids.forEach(id -> derived.add(DerivedIds.of("orders", id, "g", 0, "mails", "")));
        assertThat(derived).hasSameSizeAs(ids);
    }

    /** A handler may publish to the dead-letter destination itself, without a name or with that of the letter. */
    @Test
    void aDeadLetterIsNeverTakenForADerivedMessage() {
        String letter = DerivedIds.ofDeadLetter("orders", "id", "g", 0, "orders.g.dlq");
        assertThat(List.of("", "dead-letter"))
                .extracting(name -> DerivedIds.of("orders", "id", "g", 0, "orders.g.dlq", name))
                .doesNotContain(letter);
    }

    @Test
    void anEmptyIdIsAbsent() {
        Headers empty = Headers.builder().add("ce_id", "").add("x", "y").build();
        assertThat(identities.of(SHARD, message(empty)).record())
                .as("no place either")
                .isNull();
        assertThat(identities.of(SHARD, named("n-1", empty)).id()).isEqualTo("n-1");
        assertThat(identities.of(SHARD, named("", empty)).record()).isNull();
        assertThat(identities.of(SHARD, message(7, 42, "t1")).id()).isEqualTo("orders.billing.0@42#t1");
        Headers other = empty.toBuilder().add("ce-id", "2").build();
        assertThat(new Identities("orders", List.of("ce_", "ce-"), null)
                        .of(SHARD, message(other))
                        .id())
                .isEqualTo("2");
    }

    @Test
    void anIdThatTheClientCouldNotDecodeIsAbsent() {
        assertThat(identities.of(SHARD, named("a\uFFFD", Headers.empty())).record())
                .isNull();
        assertThat(identities.of(SHARD, named("\uFFFDa", Headers.empty())).record())
                .isNull();
        Headers text = Headers.builder().add("ce_id", "a\uFFFD").build();
        assertThat(identities.of(SHARD, message(text)).id()).as("written so").isEqualTo("a\uFFFD");
    }

    @Test
    void anEmptyScopeOrSourceIsAbsent() {
        Headers headers = Headers.builder()
                .add("ce_id", "1")
                .add("oncemq-scope", "")
                .add("ce_source", "")
                .build();
        assertThat(identities.of(SHARD, message(headers)).scope()).isEqualTo("orders");
        Headers sourced = headers.toBuilder().set("ce_source", "/shop").build();
        assertThat(identities.of(SHARD, message(sourced)).scope()).isEqualTo("/shop");
    }

    @Test
    void scopesThatDifferInOneByteAreTwoScopes() {
        Set<RecordId> records = new HashSet<>();
        for (int n = 0; n < 256; n++) {
            Headers headers = Headers.builder()
                    .add("oncemq-scope", new byte[] {(byte) 0xC3, (byte) n})
                    .add("ce_id", "1")
                    .build();
            records.add(identities.of(SHARD, message(headers)).recordOrThrow());
        }
        assertThat(records).hasSize(256);
    }

    @Test
    void aSingleHeaderBesideANativeIdCounts() {
        assertThat(identities.of(SHARD, named("1", one("ce_source", "/shop"))).scope())
                .isEqualTo("/shop");
        assertThat(identities
                        .of(SHARD, named("1", one("oncemq-scope", "/mill")))
                        .scope())
                .isEqualTo("/mill");
        assertThat(identities
                        .of(SHARD, named("1", one("oncemq-generation", "3")))
                        .generation())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2147483647", "1000001", "-1", "-2147483648", "99999999999999999999", "one", "", " 1", "1.5"})
    void aStrangersGenerationIsNone(String written) {
        assertThat(identities
                        .of(SHARD, named("1", one("oncemq-generation", written)))
                        .generation())
                .isZero();
    }

    @Test
    void theHighestGenerationCounts() {
        assertThat(identities
                        .of(SHARD, named("1", one("oncemq-generation", "1000000")))
                        .generation())
                .isEqualTo(1_000_000);
    }

    /** Records of one key lie on one server of a cluster, those without a key are spread by their ids. */
    @Test
    void aRecordIsPlacedByItsKeyOrElseByItsId() {
        assertThat(identities
                        .of(SHARD, named("1", Headers.empty()))
                        .recordOrThrow()
                        .keyHash())
                .isEqualTo(KeyHash.of("a"));
        InboundMessage keyless =
                InboundMessage.builder(1, -1).nativeId("1").size(1).build();
        assertThat(identities.of(SHARD, keyless).recordOrThrow().keyHash()).isEqualTo(KeyHash.of(KeyBytes.of("1")));
    }

    @Test
    void severalThreadsMayAskAtOnce() {
        Map<String, RecordId> alone = new HashMap<>();
        for (int n = 0; n < 2_000; n++) {
            alone.put("id" + n, record("id" + n, n));
        }
        assertThat(alone.keySet().parallelStream()
                        .filter(id ->
                                !record(id, Integer.parseInt(id.substring(2))).equals(alone.get(id))))
                .isEmpty();
    }

    private RecordId record(String id, int n) {
        Headers headers = Headers.builder()
                .add("ce_id", id)
                .add("ce_source", "/shop" + n % 3)
                .build();
        return identities.of(SHARD, message(headers)).recordOrThrow();
    }

    private static Headers one(String name, String value) {
        return Headers.builder().add(name, value).build();
    }

    private static InboundMessage named(String nativeId, Headers headers) {
        return InboundMessage.builder(1, -1)
                .key("a")
                .nativeId(nativeId)
                .headers(headers)
                .body(new byte[0])
                .size(1)
                .build();
    }

    private static InboundMessage message(Headers headers) {
        return InboundMessage.builder(1, -1)
                .key("a")
                .headers(headers)
                .body(new byte[0])
                .size(1)
                .build();
    }

    private static InboundMessage message(long tag, long offset, String incarnation) {
        return InboundMessage.builder(tag, offset)
                .key("a")
                .incarnation(incarnation)
                .body(new byte[0])
                .size(1)
                .build();
    }
}
