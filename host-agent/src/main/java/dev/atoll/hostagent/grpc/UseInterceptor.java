package dev.atoll.hostagent.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.atoll.hostagent.activity.ActivityClock;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.HostActivityGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notes that a sandbox is used, for as long as a call lasts whose request has a field {@code sandbox_id}, itself or in one of
 * its parts: so every service counts without
 * doing anything for it. The calls of the control plane itself do not: that a sandbox is made, stopped or looked at is no use of it.
 */
public final class UseInterceptor implements ServerInterceptor {
    private static final String FIELD = "sandbox_id";

    private final ActivityClock clock;
    private final Map<Descriptor, List<List<FieldDescriptor>>> places = new ConcurrentHashMap<>();

    public UseInterceptor(ActivityClock clock) {
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        return isUse(call) ? new Counting<>(listener) : listener;
    }

    private static boolean isUse(ServerCall<?, ?> call) {
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        return !service.equals(HostActivityGrpc.SERVICE_NAME)
                && !method.equals("PrepareSandbox")
                && !method.equals("StopSandbox");
    }

    private Optional<SandboxId> sandboxOf(Object message) {
        if (!(message instanceof Message request)) {
            return Optional.empty();
        }
        for (List<FieldDescriptor> place :
                places.computeIfAbsent(request.getDescriptorForType(), UseInterceptor::places)) {
            Object found = request;
            for (FieldDescriptor field : place) {
                found = ((Message) found).getField(field);
            }
            if (!found.equals("")) {
                return id(String.valueOf(found));
            }
        }
        return Optional.empty();
    }

    /** Where messages of a type name a sandbox: in a field of their own, or in the first message of a stream, which is a part of them. */
    private static List<List<FieldDescriptor>> places(Descriptor type) {
        FieldDescriptor own = type.findFieldByName(FIELD);
        if (own != null) {
            return List.of(List.of(own));
        }
        return type.getFields().stream()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated())
                .filter(field -> field.getMessageType().findFieldByName(FIELD) != null)
                .map(field -> List.of(field, field.getMessageType().findFieldByName(FIELD)))
                .toList();
    }

    private static Optional<SandboxId> id(String text) {
        try {
            return Optional.of(new SandboxId(text));
        } catch (ProblemException notAnId) {
            // The call itself says so.
            return Optional.empty();
        }
    }

    /** Of a stream of requests the first that names a sandbox counts. */
    private final class Counting<Q> extends SimpleForwardingServerCallListener<Q> {
        private @Nullable SandboxId used;

        private Counting(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public void onMessage(Q message) {
            if (used == null) {
                used = sandboxOf(message).orElse(null);
                if (used != null) {
                    clock.begin(used);
                }
            }
            super.onMessage(message);
        }

        @Override
        public void onComplete() {
            over();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            over();
            super.onCancel();
        }

        private void over() {
            if (used != null) {
                clock.end(used);
                used = null;
            }
        }
    }
}
