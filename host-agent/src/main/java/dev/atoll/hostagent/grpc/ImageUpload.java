package dev.atoll.hostagent.grpc;

import com.google.protobuf.ByteString;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.protocol.ImageMessages;
import dev.atoll.protocol.host.v1.ImageReply;
import dev.atoll.protocol.host.v1.ImportImageRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** An archive that arrives in messages, as a stream for the thread that makes an image of it. One message at most waits to be read. */
final class ImageUpload implements StreamObserver<ImportImageRequest> {
    private final HostImages images;
    private final ServerCallStreamObserver<ImageReply> answer;
    private final Calls calls;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(4);

    /** What has arrived. */
    private sealed interface Piece {
        record Message(ImportImageRequest request) implements Piece {}

        record Done() implements Piece {}

        record Broken() implements Piece {}
    }

    ImageUpload(HostImages images, ServerCallStreamObserver<ImageReply> answer, Calls calls) {
        this.images = images;
        this.answer = answer;
        this.calls = calls;
        answer.disableAutoRequest();
        Calls.disregardCancellation(answer);
        answer.request(1);
    }

    /** Makes the image; blocks until the last byte has come. */
    void run() {
        calls.answerNow(answer, () -> {
            if (!(pieces.take() instanceof Piece.Message(ImportImageRequest first))) {
                throw broken();
            }
            ImageName name = new ImageName(first.getName());
            try (InputStream archive = new Archive(first.getData())) {
                return ImageReply.newBuilder()
                        .setImage(ImageMessages.toMessage(images.receive(name, archive)))
                        .build();
            }
        });
    }

    @Override
    public void onNext(ImportImageRequest request) {
        pieces.add(new Piece.Message(request));
    }

    @Override
    public void onError(Throwable gone) {
        pieces.add(new Piece.Broken());
    }

    @Override
    public void onCompleted() {
        pieces.add(new Piece.Done());
    }

    private static RuntimeException broken() {
        return Problem.of(ProblemCode.INVALID_REQUEST, "The upload broke off.", "Send the whole archive again.")
                .asException();
    }

    /** The bytes of all messages, one after the other. */
    private final class Archive extends InputStream {
        private @Nullable InputStream current;
        private boolean ended;

        private Archive(ByteString first) {
            current = first.newInput();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            while (length > 0 && !ended) {
                InputStream piece = current;
                int count = piece == null ? -1 : piece.read(into, from, length);
                if (count > 0) {
                    return count;
                }
                next();
            }
            return length == 0 ? 0 : -1;
        }

        private void next() throws IOException {
            answer.request(1);
            try {
                switch (pieces.take()) {
                    case Piece.Message(ImportImageRequest request) ->
                        current = request.getData().newInput();
                    case Piece.Done() -> ended = true;
                    case Piece.Broken() -> throw broken();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while receiving an archive", e);
            }
        }
    }
}
