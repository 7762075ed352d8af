package dev.atoll.server.system;

import dev.atoll.protocol.v1.ClientFrame;
import dev.atoll.protocol.v1.ExecsGrpc;
import dev.atoll.protocol.v1.Join;
import dev.atoll.protocol.v1.ServerFrame;
import dev.atoll.server.TestingPlatform;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An SDK, as small as can be: one channel, calls whose frames are asked for one by one. */
final class SdkClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;

    private final ManagedChannel channel;
    private final ExecsGrpc.ExecsStub stub;

    SdkClient(TestingPlatform platform, Optional<String> key) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", platform.grpcPort())
                .usePlaintext()
                .build();
        Metadata headers = new Metadata();
        key.ifPresent(secret ->
                headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + secret));
        stub = ExecsGrpc.newStub(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    }

    Call attach(ClientFrame first) {
        Call call = new Call();
        stub.attach(call);
        call.send(first);
        return call;
    }

    static ClientFrame join(String sandbox, String exec, long offset) {
        return ClientFrame.newBuilder()
                .setJoin(Join.newBuilder().setSandboxId(sandbox).setExecId(exec).setOffset(offset))
                .build();
    }

    /** A transport whose connections break after whole messages, which is the only place where a client of gRPC sees them break. */
    Transport.End read(String sandbox, String exec, long from, long most, ByteArrayOutputStream into) {
        try (Call call = attach(join(sandbox, exec, from))) {
            long got = 0;
            while (got <= most) {
                ServerFrame frame = call.next();
                if (frame.hasEnded()) {
                    return Transport.End.ENDED;
                }
                if (frame.hasOutput()) {
                    Transport.require(frame.getOutput().getOffset(), into);
                    into.writeBytes(frame.getOutput().getData().toByteArray());
                    got += frame.getOutput().getData().size();
                }
            }
            return Transport.End.BROKEN;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** One call. */
    static final class Call implements ClientResponseObserver<ClientFrame, ServerFrame>, AutoCloseable {
        private final BlockingQueue<Object> items = new LinkedBlockingQueue<>();
        private ClientCallStreamObserver<ClientFrame> sender;

        @Override
        public void beforeStart(ClientCallStreamObserver<ClientFrame> call) {
            call.disableAutoRequestWithInitial(0);
            sender = call;
        }

        void send(ClientFrame frame) {
            sender.onNext(frame);
        }

        /** The next frame; fails with the status that the call ended with. */
        ServerFrame next() {
            sender.request(1);
            Object item = take();
            if (item instanceof ServerFrame frame) {
                return frame;
            }
            throw ((Status) item).asRuntimeException();
        }

        /** The status that the call ends with. */
        Object take() {
            try {
                Object item = items.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (item == null) {
                    throw new AssertionError("nothing came");
                }
                return item;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onNext(ServerFrame frame) {
            items.add(frame);
        }

        @Override
        public void onError(Throwable failed) {
            items.add(Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            items.add(Status.OK);
        }

        @Override
        public void close() {
            sender.cancel("the test is done with it", null);
        }
    }
}
