package io.edgedownload.engine.connect;

/**
 * The connections to one origin, or to several, at one moment.
 *
 * @param idle open and waiting for a request
 * @param leased in use
 * @param closing out of service, until their exchange has ended
 * @param places that are taken, whether for a connection or for making one
 * @param waiting requests that wait for a place
 * @param demoted addresses that are tried after all others
 */
public record Pool(int idle, int leased, int closing, int places, int waiting, int demoted) {
    /** Nothing at all. */
    public static final Pool EMPTY = new Pool(0, 0, 0, 0, 0, 0);

    /** All that are open. */
    public int open() {
        return idle + leased + closing;
    }

    /** Both together. */
    public Pool plus(Pool other) {
        return new Pool(
                idle + other.idle,
                leased + other.leased,
                closing + other.closing,
                places + other.places,
                waiting + other.waiting,
                demoted + other.demoted);
    }
}
