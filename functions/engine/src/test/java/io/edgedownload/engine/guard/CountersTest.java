package io.edgedownload.engine.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountersTest {
    private static final String SNMP = """
            Ip: Forwarding DefaultTTL
            Ip: 1 64
            Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs
            Tcp: 1 200 120000 -1 1899034 1645836 252877 162512 17 162329898 162348183 436464 0
            Udp: InDatagrams
            Udp: 5
            """;

    @Test
    void columnsAreFoundByTheirNames() {
        assertEquals(Optional.of(new Counters(17, 162_348_183, 436_464)), Counters.parse(SNMP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Tcp: CurrEstab OutSegs RetransSegs\n",
                "Tcp: CurrEstab OutSegs\nTcp: 1 2\n",
                "Tcp: CurrEstab OutSegs RetransSegs\nTcp: 1 2\n",
                "Tcp: CurrEstab OutSegs RetransSegs\nTcp: 1 2 x\n",
                "Tcp: CurrEstab OutSegs RetransSegs\nTcp: -1 2 3\n",
                "Tcp: CurrEstab OutSegs RetransSegs\nTcp: 1 2 99999999999999999999\n"
            })
    void whatIsNoSuchFileGivesNothing(String snmp) {
        assertEquals(Optional.empty(), Counters.parse(snmp));
    }

    @Test
    void endlessColumnsAreNotRead() {
        assertEquals(
                Optional.empty(),
                Counters.parse("Tcp: " + "a ".repeat(100) + "CurrEstab OutSegs RetransSegs\nTcp: " + "1 ".repeat(103)));
    }
}
