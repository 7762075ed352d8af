package dev.atoll.server.sdk;

import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.Execs;
import dev.atoll.protocol.v1.ClientFrame;
import dev.atoll.protocol.v1.ExecsGrpc;
import dev.atoll.protocol.v1.ServerFrame;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/** Commands for SDKs: each call is one {@link AttachedCall}. */
final class ExecsService extends ExecsGrpc.ExecsImplBase {
    private final Execs execs;
    private final Attachments attachments;
    private final Executor threads;

    /** @param threads makes virtual threads; each call has two for as long as it lasts */
    ExecsService(Execs execs, Attachments attachments, Executor threads) {
        this.execs = execs;
        this.attachments = attachments;
        this.threads = threads;
    }

    @Override
    public StreamObserver<ClientFrame> attach(StreamObserver<ServerFrame> answer) {
        return new AttachedCall(
                execs, attachments, KeyCheck.CALLER.get(), (ServerCallStreamObserver<ServerFrame>) answer, threads);
    }
}
