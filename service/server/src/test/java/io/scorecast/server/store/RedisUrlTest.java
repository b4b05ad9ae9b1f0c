package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisUrlTest {

    private static RedisUrl parse(String url) {
        return RedisUrl.parse(URI.create(url));
    }

    @Test
    void parse_server_hasEveryPart() {
        RedisUrl url = parse("rediss://app:p%40ss%3A+w%2F@cache.shop.example:6380/3");

        assertThat(url.kind()).isEqualTo(RedisUrl.Kind.SERVER);
        assertThat(url.tls()).isTrue();
        assertThat(url.user()).isEqualTo("app");
        assertThat(url.password()).isEqualTo("p@ss:+w/");
        assertThat(url.hosts()).containsExactly(new HostAndPort("cache.shop.example", 6380));
        assertThat(url.database()).isEqualTo(3);
        assertThat(url.toString()).doesNotContain("p@ss");
    }

    @Test
    void parse_bareHost_takesTheDefaults() {
        RedisUrl url = parse("redis://localhost");

        assertThat(url.tls()).isFalse();
        assertThat(url.hosts()).containsExactly(new HostAndPort("localhost", 6379));
        assertThat(url.user()).isNull();
        assertThat(url.password()).isNull();
        assertThat(parse("redis://:secret@localhost/").password()).isEqualTo("secret");
        assertThat(parse("redis://[::1]:7000").hosts()).containsExactly(new HostAndPort("::1", 7000));
    }

    @Test
    void parse_cluster_hasAllNodes() {
        RedisUrl url = parse("redis+cluster://u:p@a:1,b:2,c");

        assertThat(url.kind()).isEqualTo(RedisUrl.Kind.CLUSTER);
        assertThat(url.hosts())
                .isEqualTo(List.of(new HostAndPort("a", 1), new HostAndPort("b", 2), new HostAndPort("c", 6379)));
    }

    @Test
    void parse_sentinel_hasItsMaster() {
        RedisUrl url = parse("rediss+sentinel://:p@a:1,b/shop/2");

        assertThat(url.kind()).isEqualTo(RedisUrl.Kind.SENTINEL);
        assertThat(url.tls()).isTrue();
        assertThat(url.master()).isEqualTo("shop");
        assertThat(url.database()).isEqualTo(2);
        assertThat(url.hosts()).isEqualTo(List.of(new HostAndPort("a", 1), new HostAndPort("b", 26379)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a",
                "redis:a",
                "redis://",
                "redis://a:1,b:2",
                "redis://:s3cret@a:x",
                "redis://a:70000",
                "redis://a/x",
                "redis://a/1/2",
                "redis+cluster://a/1",
                "redis+sentinel://a:1",
                "redis+sentinel://a:1/m/x",
                "redis://a?b=c"
            })
    void parse_otherwise_saysWhatIsExpectedWithoutThePassword(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis")
                .hasMessageNotContaining("s3cret");
    }
}
