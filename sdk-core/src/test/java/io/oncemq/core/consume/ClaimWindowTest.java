package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which messages are claimed ahead, in which order, and where that ends. */
class ClaimWindowTest {
    private final List<ShardState> owned = new ArrayList<>();
    private final List<Work> claimed = new ArrayList<>();
    private final ShardState shard = own();
    private ClaimWindow window = window(4);
    private long tags;

    @Test
    void headsAreClaimedInTheirOrderUpToTheBound() {
        List<Work> heads = offerHeads(shard, 6);
        claim();
        assertThat(claimed).containsExactlyElementsOf(heads.subList(0, 4));
        claim();
        assertThat(claimed).hasSize(4);
    }

    @Test
    void aHeadThatStartsMakesRoomForTheNext() {
        List<Work> heads = offerHeads(shard, 6);
        claim();
        start(heads.get(2));
        claim();
        assertThat(claimed).containsExactlyElementsOf(heads.subList(0, 5));
    }

    @Test
    void aLaneIsClaimedInItsOrderWhileThereIsRoom() {
        window = window(8);
        List<Work> works = lane(shard, 10);
        claim();
        assertThat(claimed).containsExactlyElementsOf(works.subList(0, 8));
        start(works.get(0));
        claim();
        assertThat(claimed).containsExactlyElementsOf(works.subList(0, 9));
    }

    /** One that could start is never kept waiting by one that could not. */
    @Test
    void headsComeBeforeWhatStandsBehindOthers() {
        List<Work> lane = lane(shard, 10);
        List<Work> heads = offerHeads(shard, 3);
        claim();
        assertThat(claimed).containsExactly(lane.get(0), heads.get(0), heads.get(1), heads.get(2));
    }

    @Test
    void whatIsClaimedBehindHeadsKeepsNoHeadUnclaimed() {
        lane(shard, 10);
        claim();
        List<Work> heads = offerHeads(shard, 5);
        claim();
        assertThat(claimed.subList(4, claimed.size())).containsExactlyElementsOf(heads.subList(0, 3));
    }

    @Test
    void ofALaneOnlySoManyAreClaimed() {
        window = window(100);
        List<Work> works = lane(shard, 30);
        claim();
        assertThat(claimed).hasSize(ClaimWindow.OF_A_LANE);
        start(works.get(0));
        window.offer(works.get(1).lane);
        claim();
        assertThat(claimed).hasSize(ClaimWindow.OF_A_LANE + 1);
    }

    @Test
    void shardsTakeTurns() {
        ShardState other = own();
        window = window(64);
        offerHeads(shard, 40);
        offerHeads(other, 40);
        claim();
        assertThat(claimed)
                .extracting(work -> work.shard)
                .containsExactlyElementsOf(turns(16, shard, other, shard, other));
    }

    @Test
    void shardsTakeTurnsBehindTheirHeadsToo() {
        ShardState other = own();
        window = window(400);
        for (int i = 0; i < 3; i++) {
            lane(shard, 12);
            lane(other, 12);
        }
        claim();
        assertThat(claimed.subList(0, 6)).as("heads").allMatch(work -> work.lane.head() == work);
        assertThat(claimed.subList(6, 38))
                .extracting(work -> work.shard)
                .containsExactlyElementsOf(turns(16, shard, other));
        assertThat(claimed).hasSize(72);
    }

    /** Half of the bound is divided; the other half is for whichever needs more. */
    @Test
    void aShardThatIsStuckLeavesTheOthersTheirShare() {
        ShardState other = own();
        window = window(8);
        offerHeads(shard, 20);
        claim();
        assertThat(claimed).hasSize(6);
        List<Work> heads = offerHeads(other, 20);
        claim();
        assertThat(claimed.subList(6, claimed.size())).containsExactlyElementsOf(heads.subList(0, 2));
    }

    @Test
    void aShardThatIsStuckBehindItsHeadsLeavesTheOthersTheirShare() {
        ShardState other = own();
        window = window(8);
        lane(shard, 10);
        lane(shard, 10);
        claim();
        assertThat(claimed).hasSize(6);
        List<Work> works = lane(other, 10);
        claim();
        assertThat(claimed.subList(6, claimed.size())).containsExactlyElementsOf(works.subList(0, 2));
    }

    @Test
    void nothingOfALeavingShardIsClaimed() {
        shard.leaving = true;
        offerHeads(shard, 1);
        claim();
        assertThat(claimed).isEmpty();
    }

    @Test
    void aHeadThatIsTakenOutIsNotClaimed() {
        window.remove(offerHeads(shard, 1).get(0));
        claim();
        assertThat(claimed).isEmpty();
    }

    @Test
    void whatStandsBehindAHeadAndIsTakenOutIsNotClaimed() {
        List<Work> works = lane(shard, 5);
        claim();
        assertThat(claimed).hasSize(4);
        window.remove(works.get(4));
        start(works.get(0));
        claim();
        assertThat(claimed).hasSize(4);
    }

    @Test
    void thereIsNothingToClaimInALaneThatIsClaimedOrGone() {
        window.offer(null);
        List<Work> works = lane(shard, 2);
        claim();
        window.offer(works.get(0).lane);
        claim();
        assertThat(claimed).containsExactlyElementsOf(works);
    }

    private ClaimWindow window(int bound) {
        ClaimWindow made = new ClaimWindow(bound);
        made.over(owned);
        return made;
    }

    private ShardState own() {
        ShardState made = new ShardState(new Shard("orders-" + owned.size(), 1, Shard.AcknowledgeMode.CUMULATIVE));
        owned.add(made);
        return made;
    }

    private void claim() {
        window.claim(work -> {
            work.claimedAsHead = work.lane.head() == work;
            work.move(WorkEvent.MAY_CLAIM);
            claimed.add(work);
        });
    }

    private static void start(Work work) {
        work.move(WorkEvent.CLAIM_GRANTED);
        work.move(WorkEvent.TURN_HANDLE);
    }

    /** Messages of as many keys. */
    private List<Work> offerHeads(ShardState of, int count) {
        return IntStream.range(0, count).mapToObj(i -> lane(of, 1).get(0)).toList();
    }

    /** Messages of one key. */
    private List<Work> lane(ShardState of, int count) {
        Lane lane = new Lane("k");
        List<Work> works = IntStream.range(0, count)
                .mapToObj(i -> Works.unclaimed(tags++, of))
                .toList();
        works.forEach(lane::add);
        window.offer(lane);
        return works;
    }

    private static List<ShardState> turns(int each, ShardState... order) {
        List<ShardState> turns = new ArrayList<>();
        for (ShardState one : order) {
            for (int i = 0; i < each; i++) {
                turns.add(one);
            }
        }
        return turns;
    }
}
