package dev.atoll.protocol.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.DescribeRequest;
import dev.atoll.protocol.host.v1.DescribeResponse;
import dev.atoll.protocol.host.v1.HostAgentGrpc;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.SandboxObservation;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DirectChannelTest {
    private static final DescribeResponse ANSWER =
            DescribeResponse.newBuilder().setHostname("one").build();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicReference<Consumer<StreamObserver<DescribeResponse>>> work = new AtomicReference<>(answer -> {
        answer.onNext(ANSWER);
        answer.onCompleted();
    });
    private Server server;
    private ManagedChannel streams;
    private DirectChannel channel;

    @BeforeEach
    void open() throws Exception {
        List<ServerServiceDefinition> services = List.of(ServerInterceptors.intercept(new Service(), new Listening()));
        server = InProcessServerBuilder.forName("direct")
                .directExecutor()
                .addServices(services)
                .build()
                .start();
        streams = InProcessChannelBuilder.forName("direct").directExecutor().build();
        channel = new DirectChannel(services, streams, deadlines);
    }

    @AfterEach
    void close() {
        channel.close();
        streams.shutdownNow();
        server.shutdownNow();
        deadlines.shutdownNow();
        threads.close();
    }

    private final class Service extends HostAgentGrpc.HostAgentImplBase {
        @Override
        public void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
            work.get().accept(answer);
        }

        @Override
        public void observeSandboxes(ObserveSandboxesRequest request, StreamObserver<SandboxObservation> answer) {
            answer.onNext(SandboxObservation.getDefaultInstance());
            answer.onNext(SandboxObservation.getDefaultInstance());
            answer.onCompleted();
        }
    }

    /** Tells what the listener of a service is told last. */
    private final class Listening implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                public void onComplete() {
                    told.add("complete");
                    super.onComplete();
                }

                @Override
                public void onCancel() {
                    told.add("cancel");
                    super.onCancel();
                }
            };
        }
    }

    private HostAgentGrpc.HostAgentBlockingStub stub() {
        return HostAgentGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private DescribeResponse describe() {
        return stub().describe(DescribeRequest.getDefaultInstance());
    }

    private static Status.Code codeOf(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    private void assertToldOnce(String what) throws InterruptedException {
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(what);
        assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aServiceRunsOnTheThreadThatCalls() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        work.set(answer -> {
            ran.set(Thread.currentThread());
            answer.onNext(ANSWER);
            answer.onCompleted();
            assertThat(Context.current().isCancelled())
                    .as("canceled while the service returns")
                    .isFalse();
        });

        assertThat(describe()).isSameAs(ANSWER);

        assertThat(ran).hasValue(Thread.currentThread());
        assertToldOnce("complete");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aServiceMayAnswerFromAnotherThread() throws Exception {
        work.set(answer -> threads.execute(() -> {
            answer.onNext(ANSWER);
            answer.onCompleted();
        }));

        for (int i = 0; i < 1_000; i++) {
            assertThat(describe()).isSameAs(ANSWER);
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("complete");
        }
    }

    @Test
    void aProblemComesAcross() throws Exception {
        Problem problem = Problem.of(ProblemCode.SANDBOX_STOPPED, "It has ended.", "Make another.");
        work.set(answer -> answer.onError(ProblemStatus.toStatus(problem.asException())));

        StatusRuntimeException seen = catchThrowableOfType(StatusRuntimeException.class, this::describe);

        assertThat(ProblemStatus.toProblem(seen).problem()).isEqualTo(problem);
        assertToldOnce("complete");
    }

    @Test
    void whatAServiceThrowsIsItsFailure() throws Exception {
        work.set(_ -> {
            throw new IllegalStateException("a mistake");
        });

        assertThat(codeOf(this::describe)).isEqualTo(Status.Code.UNKNOWN);
        assertToldOnce("complete");
    }

    @Test
    void aDeadlineEndsACallAndItsContext() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        work.set(answer -> {
            ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> {});
            Context.current().addListener(_ -> noticed.countDown(), Runnable::run);
        });

        assertThat(codeOf(() -> HostAgentGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(50, TimeUnit.MILLISECONDS)
                        .describe(DescribeRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

        assertThat(noticed.await(10, TimeUnit.SECONDS)).isTrue();
        assertToldOnce("cancel");
    }

    @Test
    void aDeadlineThatIsOverStartsNothing() {
        work.set(_ -> told.add("started"));

        assertThat(codeOf(() -> HostAgentGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(-1, TimeUnit.SECONDS)
                        .describe(DescribeRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

        assertThat(told).isEmpty();
    }

    @Test
    void anInterruptCancels() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        work.set(answer -> {
            ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> {});
            started.countDown();
        });
        AtomicReference<Status.Code> code = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> code.set(codeOf(this::describe)));
        started.await();

        caller.interrupt();

        caller.join();
        assertThat(code).hasValue(Status.Code.CANCELLED);
        assertToldOnce("cancel");
    }

    @Test
    void anAnswerThatComesTooLateIsNobodys() throws Exception {
        AtomicReference<StreamObserver<DescribeResponse>> late = new AtomicReference<>();
        work.set(answer -> {
            ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> {});
            late.set(answer);
        });
        assertThat(codeOf(() -> HostAgentGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.MILLISECONDS)
                        .describe(DescribeRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

        late.get().onNext(ANSWER);
        late.get().onCompleted();

        assertToldOnce("cancel");
    }

    @Test
    void aCallInTheMidstIsBrokenOffWhenTheChannelCloses() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        work.set(answer -> {
            ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> {});
            started.countDown();
        });
        Future<Status.Code> call = threads.submit(() -> codeOf(this::describe));
        started.await();

        channel.close();

        assertThat(call.get()).isEqualTo(Status.Code.UNAVAILABLE);
        assertToldOnce("cancel");
        assertThat(codeOf(this::describe)).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void streamsGoTheirOwnWay() {
        assertThat(stub().observeSandboxes(ObserveSandboxesRequest.getDefaultInstance()))
                .toIterable()
                .hasSize(2);
    }
}
