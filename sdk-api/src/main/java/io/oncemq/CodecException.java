package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * A body could not be encoded or decoded. When encoding, nothing was handed over. When decoding, the delivery is not
 * retried: its original bytes go to the dead letter.
 */
public final class CodecException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
