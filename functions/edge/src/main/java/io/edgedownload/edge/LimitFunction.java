package io.edgedownload.edge;

import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Limits;
import io.quarkus.funqy.Funq;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The function {@code limit}: how many connections this instance has, from now on and until it ends. */
public class LimitFunction {
    private static final Duration LONGEST_IDLE = Duration.ofHours(1);

    private final Connector connector;

    LimitFunction(Connector connector) {
        this.connector = connector;
    }

    /** Changes what is named and leaves the rest; answers what holds now. Requests under way are not disturbed. */
    @Funq
    public Map<String, Object> limit(FunctionRequests.Limit request) {
        Limits now = connector.limits();
        Limits.Timeouts timeouts = now.timeouts();
        Duration idle = request.idleSeconds() == null ? timeouts.idle() : idle(request.idleSeconds());
        Limits wanted = new Limits(
                atLeast(1, "perOrigin", request.perOrigin(), now.perOrigin()),
                atLeast(1, "total", request.total(), now.total()),
                atLeast(0, "waiting", request.waiting(), now.waiting()),
                share(request.tenantShare(), now.tenantShare()),
                new Limits.Timeouts(
                        idle, timeouts.connect(), timeouts.handshake(), timeouts.stagger(), timeouts.grace()),
                now.probing());
        if (!wanted.equals(now)) {
            connector.reconfigure(wanted);
        }
        return json(wanted);
    }

    private static int atLeast(int least, String name, @Nullable Integer wanted, int now) {
        if (wanted != null && wanted < least) {
            throw Required.bad("The field '" + name + "' must be at least " + least + ".");
        }
        return wanted == null ? now : wanted;
    }

    private static double share(@Nullable Double wanted, double now) {
        if (wanted != null && !(wanted > 0 && wanted <= 1)) {
            throw Required.bad("The field 'tenantShare' must be over 0 and at most 1.");
        }
        return wanted == null ? now : wanted;
    }

    private static Duration idle(int seconds) {
        if (seconds < 1 || seconds > LONGEST_IDLE.toSeconds()) {
            throw Required.bad("The field 'idleSeconds' must be 1 to " + LONGEST_IDLE.toSeconds() + ".");
        }
        return Duration.ofSeconds(seconds);
    }

    private static Map<String, Object> json(Limits limits) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("perOrigin", limits.perOrigin());
        json.put("total", limits.total());
        json.put("waiting", limits.waiting());
        json.put("tenantShare", limits.tenantShare());
        json.put("idleSeconds", limits.timeouts().idle().toSeconds());
        return json;
    }
}
