package io.edgedownload.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** A network device of Linux (TUN) whose packets this process takes and gives. It goes with the process. */
final class Tun {
    private static final int READ_AND_WRITE = 2;
    private static final long TUNSETIFF = 0x4004_54caL;

    /** {@code IFF_TUN | IFF_NO_PI}: bare IP packets. */
    private static final short BARE_PACKETS = 0x1001;

    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int MOST_PACKET_BYTES = 2_048;

    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = function(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle READ = function("read", TRANSFER);
    private static final MethodHandle WRITE = function("write", TRANSFER);

    private final int descriptor;

    private Tun(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @param name of the device, which is made; at most 15 letters */
    static Tun open(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_AND_WRITE);
            MemorySegment request = arena.allocate(IFREQ_BYTES);
            request.setString(0, name, StandardCharsets.US_ASCII);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, BARE_PACKETS);
            if (descriptor < 0 || (int) IOCTL.invokeExact(descriptor, TUNSETIFF, request) < 0) {
                throw new IOException("no network device can be made: /dev/net/tun, as root");
            }
            return new Tun(descriptor);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The next packet that was routed to the device; waits for it. */
    byte[] read() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(MOST_PACKET_BYTES);
            long length = (long) READ.invokeExact(descriptor, packet, (long) MOST_PACKET_BYTES);
            if (length < 0) {
                throw new IOException("the network device is gone");
            }
            return packet.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** One that the kernel does not take, because the device is down for example, is lost. */
    void write(byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            var _ = (long) WRITE.invokeExact(
                    descriptor, arena.allocateFrom(ValueLayout.JAVA_BYTE, packet), (long) packet.length);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("restricted") // The shapes are those of the C library.
    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
    }
}
