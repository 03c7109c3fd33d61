package io.edgedownload.engine.resolve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What resolv.conf(5) says.
 *
 * @param servers at least one
 * @param search domains to look for a name in, without the dot at the end
 * @param ndots how many dots make a name be tried as it is first, 0 to 15
 * @param timeout the longest to wait for one name server
 * @param attempts how often each is asked, 1 to 5
 * @param rotate whether to begin with another one each time
 * @param ignored what was not understood, for the log, the first 20 of it
 */
record ResolvConf(
        List<DnsServer> servers,
        List<String> search,
        int ndots,
        Duration timeout,
        int attempts,
        boolean rotate,
        List<String> ignored) {
    /** As many as the C library asks (MAXNS); more would only make failure take longer. */
    static final int MAX_SERVERS = 3;

    static final int MAX_SEARCH = 32;
    static final int MAX_NDOTS = 15;
    private static final int MAX_TIMEOUT_SECONDS = 30;
    private static final int MAX_ATTEMPTS = 5;

    /** A file of something else must not fill the log. */
    private static final int MAX_IGNORED = 20;

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        ignored = List.copyOf(ignored);
    }

    /** Never fails: a line that makes no sense is left out and told of. */
    static ResolvConf parse(String text) {
        Lines lines = new Lines();
        text.lines().forEach(lines::read);
        return lines.parsed();
    }

    /** What the lines so far say. */
    private static final class Lines {
        private final List<DnsServer> servers = new ArrayList<>();
        private final List<String> ignored = new ArrayList<>();
        private List<String> search = List.of();
        private int ndots = 1;
        private int timeoutSeconds = 5;
        private int attempts = 2;
        private boolean rotate;

        void read(String line) {
            String content = line.replaceFirst("(?s)[#;].*", "").trim();
            if (content.isEmpty()) {
                return;
            }
            String[] words = content.split("\\s+", -1);
            List<String> values = Arrays.asList(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> server(values.isEmpty() ? "" : values.getFirst());
                // Whichever of the two comes last wins.
                case "domain" -> search = domains(values.stream().limit(1).toList());
                case "search" -> search = domains(values);
                case "options" -> values.forEach(this::option);
                case "sortlist" -> {}
                default -> ignore("'" + words[0] + "' is not a keyword");
            }
        }

        private void server(String text) {
            if (servers.size() == MAX_SERVERS) {
                ignore("name servers after the third are not asked: " + text);
                return;
            }
            try {
                servers.add(DnsServer.parse(text));
            } catch (IllegalArgumentException e) {
                ignore(String.valueOf(e.getMessage()));
            }
        }

        private List<String> domains(List<String> values) {
            List<String> domains = values.stream()
                    .map(domain -> domain.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))
                    .filter(domain -> !domain.isEmpty())
                    .toList();
            if (domains.size() > MAX_SEARCH) {
                ignore("domains after the first " + MAX_SEARCH + " are not searched");
                return domains.subList(0, MAX_SEARCH);
            }
            return domains;
        }

        private void ignore(String complaint) {
            if (ignored.size() < MAX_IGNORED) {
                ignored.add(complaint);
            }
        }

        private void option(String option) {
            int colon = option.indexOf(':');
            String name = colon < 0 ? option : option.substring(0, colon);
            String value = colon < 0 ? "" : option.substring(colon + 1);
            switch (name) {
                case "ndots" -> ndots = number(option, value, 0, MAX_NDOTS, ndots);
                case "timeout" -> timeoutSeconds = number(option, value, 1, MAX_TIMEOUT_SECONDS, timeoutSeconds);
                case "attempts" -> attempts = number(option, value, 1, MAX_ATTEMPTS, attempts);
                case "rotate" -> rotate = true;
                default -> {
                    // There are options for what the C library alone does, and there will be more.
                }
            }
        }

        /** Out of range is the nearest that is within, as the C library has it. */
        private int number(String option, String value, int least, int most, int otherwise) {
            if (!value.matches("[0-9]{1,9}")) {
                ignore("'" + option + "' needs a number");
                return otherwise;
            }
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                ignore("'" + option + "' is taken as the nearest of " + least + " to " + most);
            }
            return Math.clamp(number, least, most);
        }

        ResolvConf parsed() {
            List<DnsServer> some = servers.isEmpty() ? List.of(DnsServer.parse("127.0.0.1")) : servers;
            return new ResolvConf(some, search, ndots, Duration.ofSeconds(timeoutSeconds), attempts, rotate, ignored);
        }
    }
}
