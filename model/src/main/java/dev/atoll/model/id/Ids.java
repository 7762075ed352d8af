package dev.atoll.model.id;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/** Makes new ids from a source of randomness, and ids that follow from content. Thread-safe when the source is. */
public final class Ids {
    private final RandomGenerator random;

    /** {@code random} must be cryptographically strong in production: ids are not to be guessed. */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    public SandboxId sandbox() {
        return new SandboxId(SandboxId.PREFIX + body());
    }

    public ExecId exec() {
        return new ExecId(ExecId.PREFIX + body());
    }

    public RunId run() {
        return new RunId(RunId.PREFIX + body());
    }

    public HostId host() {
        return new HostId(HostId.PREFIX + body());
    }

    public KeyId key() {
        return new KeyId(KeyId.PREFIX + body());
    }

    public WorkspaceId workspace() {
        return new WorkspaceId(WorkspaceId.PREFIX + body());
    }

    /**
     * The exec that a submit with this idempotency key means, always the same for the same sandbox and key: a repeated submit names the
     * same exec without anyone keeping a table of keys. The key is a tenant's text of any length.
     */
    public static ExecId execOf(SandboxId sandbox, String idempotencyKey) {
        return new ExecId(ExecId.PREFIX + derived(sandbox.value() + '\n' + idempotencyKey));
    }

    public SessionId session() {
        return new SessionId(SessionId.PREFIX + body());
    }

    /** The session that a creation with this idempotency key means. */
    public static SessionId sessionOf(SandboxId sandbox, String idempotencyKey) {
        return new SessionId(SessionId.PREFIX + derived("session\n" + sandbox.value() + '\n' + idempotencyKey));
    }

    public ContextId context() {
        return new ContextId(ContextId.PREFIX + body());
    }

    /** The context that a creation with this idempotency key means. */
    public static ContextId contextOf(SandboxId sandbox, String idempotencyKey) {
        return new ContextId(ContextId.PREFIX + derived("context\n" + sandbox.value() + '\n' + idempotencyKey));
    }

    public ContextRunId contextRun() {
        return new ContextRunId(ContextRunId.PREFIX + body());
    }

    /** The run that a submit with this idempotency key means. */
    public static ContextRunId contextRunOf(ContextId context, String idempotencyKey) {
        return new ContextRunId(ContextRunId.PREFIX + derived(context.value() + '\n' + idempotencyKey));
    }

    /** The image with this content digest. */
    public static ImageId imageOf(byte[] sha256) {
        return new ImageId(ImageId.PREFIX + encode(sha256));
    }

    private String body() {
        byte[] bytes = new byte[IdFormat.BODY_LENGTH];
        random.nextBytes(bytes);
        return encode(bytes);
    }

    private static String derived(String text) {
        try {
            return encode(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Five bits of each of the first 20 bytes: 100 bits when the bytes are uniform. */
    private static String encode(byte[] bytes) {
        StringBuilder body = new StringBuilder(IdFormat.BODY_LENGTH);
        for (int i = 0; i < IdFormat.BODY_LENGTH; i++) {
            body.append(IdFormat.ALPHABET.charAt(bytes[i] & 31));
        }
        return body.toString();
    }
}
