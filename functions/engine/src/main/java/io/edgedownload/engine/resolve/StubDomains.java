package io.edgedownload.engine.resolve;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * Domains whose names are asked of name servers of their own, such as a cluster's own domain of the cluster's own servers.
 *
 * @param servers by domain, in lower case, without the dot at the end
 */
public record StubDomains(Map<String, List<DnsServer>> servers) {
    private static final int MAX_DOMAINS = 100;
    private static final int MAX_SERVERS = 8;

    public StubDomains {
        servers = Map.copyOf(servers);
    }

    /**
     * Reads name servers by domain.
     *
     * @throws IllegalArgumentException naming the domain and the value
     */
    public static StubDomains parse(Map<String, List<String>> texts) {
        if (texts.size() > MAX_DOMAINS) {
            throw new IllegalArgumentException("has more than " + MAX_DOMAINS + " domains");
        }
        Map<String, List<DnsServer>> servers = new HashMap<>();
        texts.forEach((domain, values) -> {
            try {
                if (servers.put(key(domain), servers(values)) != null) {
                    throw new IllegalArgumentException("is there twice");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("\"" + domain + "\": " + e.getMessage(), e);
            }
        });
        return new StubDomains(servers);
    }

    private static String key(String domain) {
        Name name = Question.nameOf(domain);
        if (name.equals(Name.root)) {
            throw new IllegalArgumentException("is all names: those have name servers already");
        }
        return NameCache.key(name);
    }

    private static List<DnsServer> servers(List<String> values) {
        if (values.isEmpty() || values.size() > MAX_SERVERS) {
            throw new IllegalArgumentException("needs 1 to " + MAX_SERVERS + " name servers");
        }
        return values.stream().map(DnsServer::parse).toList();
    }

    /**
     * The longest of the domains that the name ends in.
     *
     * @param name in lower case, without the dot at the end
     */
    Optional<String> zoneOf(String name) {
        for (int label = 0; label >= 0 && !servers.isEmpty(); label = name.indexOf('.', label) + 1) {
            String suffix = name.substring(label);
            if (servers.containsKey(suffix)) {
                return Optional.of(suffix);
            }
            if (name.indexOf('.', label) < 0) {
                break;
            }
        }
        return Optional.empty();
    }

    /** The servers of that domain, or those for all other names. */
    List<DnsServer> serversFor(String name, List<DnsServer> otherwise) {
        return zoneOf(name).map(servers::get).orElse(otherwise);
    }
}
