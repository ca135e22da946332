package io.oncemq.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to pull an image: where no registry answers, a test must hear so at once. */
final class ImagePull extends PullImageResultCallback {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePull.class);
    private static final Duration UNTIL_REGISTRY_ANSWERS = Duration.ofSeconds(30);
    private static final Duration UNTIL_PULLED = Duration.ofMinutes(10);

    private final CountDownLatch answered = new CountDownLatch(1);

    private ImagePull() {}

    /**
     * @throws ServerException if no registry answers within 30 seconds, it does not have the image, or the pull takes 10 minutes
     */
    static void of(DockerClient client, String image) {
        LOG.info("pulling the image {}", image);
        try (ImagePull pull = new ImagePull()) {
            var unused = client.pullImageCmd(image).exec(pull);
            if (!pull.answered.await(UNTIL_REGISTRY_ANSWERS.toSeconds(), TimeUnit.SECONDS)) {
                throw unavailable(image, "no registry answered within " + UNTIL_REGISTRY_ANSWERS, null);
            }
            if (!pull.awaitCompletion(UNTIL_PULLED.toMinutes(), TimeUnit.MINUTES)) {
                throw unavailable(image, "it was not pulled within " + UNTIL_PULLED, null);
            }
        } catch (DockerException | DockerClientException e) {
            throw unavailable(image, "" + e.getMessage(), e);
        } catch (java.io.IOException e) {
            throw unavailable(image, "" + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(image, "interrupted", e);
        }
    }

    @Override
    public void onNext(PullResponseItem item) {
        answered.countDown();
        super.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
        super.onError(failure);
        answered.countDown();
    }

    @Override
    public void onComplete() {
        super.onComplete();
        answered.countDown();
    }

    private static ServerException unavailable(
            String image, String reason, @org.jspecify.annotations.Nullable Throwable cause) {
        String message =
                "the Docker engine does not have the image " + image + " and cannot pull it (" + reason.strip() + ")";
        return cause == null ? new ServerException(message) : new ServerException(message, cause);
    }
}
