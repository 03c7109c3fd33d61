package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A name has other addresses than before.
 *
 * @param name absolute, in lower case, without the dot at its end
 */
public record AddressesChanged(String name, Set<InetAddress> added, Set<InetAddress> removed) {
    public AddressesChanged {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
    }

    /** Another order is no change, and the first answer is none either. */
    static Optional<AddressesChanged> between(String name, Known before, Known after) {
        if (!(before instanceof Known.Addresses known)) {
            return Optional.empty();
        }
        Set<InetAddress> added =
                new HashSet<>(after instanceof Known.Addresses addresses ? addresses.all() : List.of());
        Set<InetAddress> removed = new HashSet<>(known.all());
        removed.removeAll(added);
        known.all().forEach(added::remove);
        return added.isEmpty() && removed.isEmpty()
                ? Optional.empty()
                : Optional.of(new AddressesChanged(name, added, removed));
    }
}
