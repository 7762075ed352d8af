package dev.atoll.manager.image;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

public class Images {
    public List<Image> list(Caller caller) {
        throw new UnsupportedOperationException();
    }

    /** Waits until it is no longer being made. */
    public Image get(Caller caller, ImageName name, Duration wait) {
        throw new UnsupportedOperationException();
    }

    public Image make(Caller caller, ImageName name) {
        throw new UnsupportedOperationException();
    }

    public Image importArchive(Caller caller, ImageName name, InputStream archive) {
        throw new UnsupportedOperationException();
    }

    public void remove(Caller caller, ImageName name) {
        throw new UnsupportedOperationException();
    }
}
