package dev.atoll.bench.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static Capabilities of(String hosts) throws JsonParserException {
        return Capabilities.of(JsonParser.object().from("{\"hosts\":[" + hosts + "]}"));
    }

    @Test
    void aPlatformWithoutPoolsKeepsNothingReadyAndIsAlwaysSettled() throws JsonParserException {
        var now = of("{\"runtime\":{\"version\":\"release-1\",\"platform\":\"systrap\"}}");
        assertThat(now.keepsReady()).isFalse();
        assertThat(now.isSettled()).isTrue();
        assertThat(now.version()).isEqualTo("release-1");
        assertThat(now.pooled()).isZero();
    }

    @Test
    void aPoolServesTheSameAmountsWrittenOtherwise() throws JsonParserException {
        var now = of("{\"runtime\":{},\"pools\":[" + pool(2, 3, 1) + "]}");
        assertThat(now.keepsReady()).isTrue();
        assertThat(now.ready(new Template("base", "2", "1Gi"))).isEqualTo(2);
        assertThat(now.ready(new Template("base", "2000m", "1048576Ki"))).isEqualTo(2);
        assertThat(now.ready(new Template("base", "1", "1Gi"))).isZero();
        assertThat(now.ready(new Template("other", "2", "1Gi"))).isZero();
        assertThat(now.pooled()).isEqualTo(4);
    }

    @Test
    void aPoolIsSettledWhenItIsFullAndNothingIsBeingMade() throws JsonParserException {
        assertThat(of("{\"runtime\":{},\"pools\":[" + pool(3, 3, 0) + "]}").isSettled())
                .isTrue();
        assertThat(of("{\"runtime\":{},\"pools\":[" + pool(3, 3, 1) + "]}").isSettled())
                .isFalse();
        assertThat(of("{\"runtime\":{},\"pools\":[" + pool(2, 3, 0) + "]}").isSettled())
                .isFalse();
    }

    private static String pool(int ready, int target, int making) {
        return "{\"image\":\"base\",\"image_id\":\"img_a\",\"cpu\":\"2\",\"memory\":\"1Gi\",\"ready\":" + ready
                + ",\"booted\":1,\"target\":" + target + ",\"making\":" + making + "}";
    }
}
