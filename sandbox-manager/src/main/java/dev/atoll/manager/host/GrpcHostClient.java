package dev.atoll.manager.host;

import dev.atoll.model.host.HostDescription;
import dev.atoll.protocol.HostMessages;
import dev.atoll.protocol.host.v1.DescribeRequest;
import io.grpc.Channel;

/** A host at the other end of a gRPC channel. The channel stays its owner's to close. */
public final class GrpcHostClient implements HostClient {
    private final GrpcCalls calls;
    private final CallSettings settings;
    private final HostSandboxes sandboxes;
    private final HostExecs execs;
    private final HostFiles files;
    private final HostImages images;
    private final HostUpkeep upkeep;
    private final HostActivity activity;

    public GrpcHostClient(Channel channel, CallSettings settings) {
        this.calls = new GrpcCalls(channel);
        this.settings = settings;
        this.sandboxes = new GrpcHostSandboxes(calls, settings);
        this.execs = new GrpcHostExecs(calls, settings);
        this.files = new GrpcHostFiles(calls);
        this.images = new GrpcHostImages(calls, settings);
        this.upkeep = new GrpcHostUpkeep(calls, settings);
        this.activity = new GrpcHostActivity(calls, settings);
    }

    @Override
    public HostDescription describe() {
        return HostMessages.toModel(
                calls.call(settings.quick(), host -> host.describe(DescribeRequest.getDefaultInstance())));
    }

    @Override
    public HostSandboxes sandboxes() {
        return sandboxes;
    }

    @Override
    public HostExecs execs() {
        return execs;
    }

    @Override
    public HostFiles files() {
        return files;
    }

    @Override
    public HostImages images() {
        return images;
    }

    @Override
    public HostUpkeep upkeep() {
        return upkeep;
    }

    @Override
    public HostActivity activity() {
        return activity;
    }
}
