package io.edgedownload.guard;

/** What errors of the kernel mean here, by their numbers in {@code <errno.h>}. */
final class ErrorNumber {
    /** There is no such element, or no more. */
    static final int ENOENT = 2;

    /** A signal came first. */
    static final int EINTR = 4;

    private ErrorNumber() {}

    /** @param error of {@code <errno.h>}, above zero */
    static String explained(int error) {
        return switch (error) {
            case 1 -> "EPERM: it needs the capabilities BPF, NET_ADMIN and PERFMON";
            case ENOENT -> "ENOENT: there is no such thing";
            case 3 -> "ESRCH: the kernel has no BTF, or no structure that is read";
            case 7 -> "E2BIG: it is too large for this kernel";
            case 12 -> "ENOMEM: no memory, or a bound of locked memory before Linux 5.11";
            case 13 -> "EACCES: the verifier of the kernel refuses the program, or a file may not be read";
            case 16 -> "EBUSY: something is in its place that excludes others";
            case 22 -> "EINVAL: the kernel does not know what is asked for; Linux 5.15 or newer is needed";
            case 95 -> "EOPNOTSUPP: the kernel was built without it";
            default -> "see errno(3)";
        };
    }
}
