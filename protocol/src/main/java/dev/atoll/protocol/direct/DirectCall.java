package dev.atoll.protocol.direct;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of one unary call. Its service runs in {@link #halfClose}; whoever ends it first, the service by its answer, the client, the
 * deadline, the caller's context or the channel, decides its outcome. The client's listener is told all at once, on the executor of its
 * options; the service's is called by one thread at a time. What a service throws is the cause of the status that the client sees.
 */
final class DirectCall<Q, A> extends ClientCall<Q, A> {
    private final ServerMethodDefinition<Q, A> served;
    private final DirectChannel channel;
    private final Executor answers;
    private final Context.CancellableContext context;
    private final ServiceEnd serviceEnd = new ServiceEnd();

    private Metadata headers = new Metadata();
    private @Nullable Q request;
    private volatile @Nullable A answer;

    // Guarded by this.
    private @Nullable Listener<A> client;
    private ServerCall.@Nullable Listener<Q> service;
    private boolean serving;
    private boolean over;
    private boolean abandoned;

    DirectCall(ServerMethodDefinition<Q, A> served, CallOptions options, DirectChannel channel) {
        this.served = served;
        this.channel = channel;
        this.answers = Objects.requireNonNullElse(options.getExecutor(), Runnable::run);
        this.context = options.getDeadline() == null
                ? Context.current().withCancellation()
                : Context.current().withDeadline(options.getDeadline(), channel.deadlines());
    }

    @Override
    public synchronized void start(Listener<A> listener, Metadata sent) {
        if (over) {
            throw new IllegalStateException("the call was canceled");
        }
        client = listener;
        headers = sent;
    }

    /** There is one answer at most. */
    @Override
    public void request(int messages) {}

    @Override
    public void sendMessage(Q message) {
        request = message;
    }

    @Override
    public void halfClose() {
        if (!channel.begins(this)) {
            breakOff();
        }
        // Runs at once when the deadline is over already.
        context.addListener(ended -> abandon(Contexts.statusFromCancelled(ended)), Runnable::run);
        boolean begins;
        synchronized (this) {
            begins = !over;
            serving = begins;
        }
        if (!begins) {
            channel.ended(this);
            return;
        }
        Context before = context.attach();
        try {
            serve(Objects.requireNonNull(request, "a unary call without a request"));
        } catch (RuntimeException | Error e) {
            end(Status.UNKNOWN.withDescription("The service failed.").withCause(e), new Metadata(), false);
        } finally {
            context.detach(before);
            hasServed();
        }
    }

    private void serve(Q message) {
        ServerCall.Listener<Q> listener = served.getServerCallHandler().startCall(serviceEnd, headers);
        synchronized (this) {
            service = listener;
        }
        listener.onReady();
        listener.onMessage(message);
        listener.onHalfClose();
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        abandon(Status.CANCELLED.withDescription(message).withCause(cause));
    }

    void breakOff() {
        abandon(Status.UNAVAILABLE.withDescription("The channel is closed."));
    }

    private void abandon(Status status) {
        end(status, new Metadata(), true);
    }

    private void end(Status status, Metadata trailers, boolean byOthers) {
        boolean told;
        Listener<A> listener;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            abandoned = byOthers;
            told = !serving;
            listener = client;
        }
        channel.ended(this);
        try {
            if (listener != null) {
                tellClient(listener, status, trailers, byOthers ? null : answer);
            }
        } finally {
            if (byOthers) {
                // A service that goes on for nobody learns of it. One that has answered is left to return in peace.
                context.cancel(status.asRuntimeException());
            }
            if (told) {
                tellService();
            }
        }
    }

    private void tellClient(Listener<A> listener, Status status, Metadata trailers, @Nullable A message) {
        answers.execute(() -> {
            if (message != null) {
                listener.onMessage(message);
            }
            listener.onClose(status, trailers);
        });
    }

    private void hasServed() {
        boolean told;
        synchronized (this) {
            serving = false;
            told = over;
        }
        if (told) {
            tellService();
        }
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** The last that its service hears of it; its deadline need not be waited for any more. */
    private void tellService() {
        ServerCall.Listener<Q> listener;
        synchronized (this) {
            listener = service;
            service = null;
        }
        try {
            if (listener != null) {
                context.run(isAbandoned() ? listener::onCancel : listener::onComplete);
            }
        } finally {
            context.cancel(null);
        }
    }

    /** What the service sees. */
    private final class ServiceEnd extends ServerCall<Q, A> {
        /** There is one request. */
        @Override
        public void request(int messages) {}

        /** Nobody looks at them. */
        @Override
        public void sendHeaders(Metadata sent) {}

        @Override
        public void sendMessage(A message) {
            answer = message;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end(status, trailers, false);
        }

        @Override
        public boolean isCancelled() {
            return isAbandoned();
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return served.getMethodDescriptor();
        }
    }
}
