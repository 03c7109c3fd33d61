// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// Counts the connections and segments of each control group, says when there are too many, and paces what its sockets send.
//
// Attached as "sockops" to a control group, it is called for every TCP socket below it: when a connection is established or changes
// its state, when a round trip was measured, and when a segment is sent again. There is no work for a packet. Each call takes over what
// the socket itself has counted since the last one, so that the sums follow /proc/net/snmp, by control group.
//
// What it shares with user space is in the maps at the top; NodeProgram.java has the same layouts. Needs Linux 5.15 with BTF and
// control groups v2. The licence is another one than the project's: the kernel lets only these read its structures.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define MOST_CGROUPS 4096
#define EVENT_BYTES (256 * 1024)
#define NANOS_PER_SECOND 1000000000ULL

#define SOL_SOCKET 1
#define SO_MAX_PACING_RATE 47
#define UNLIMITED 0xffffffffU

enum { CGROUPS_LOST, EVENTS_LOST, LOSSES };

// What is read of the kernel's structures; libbpf finds where these fields are in the kernel that runs (CO-RE).
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct kernfs_node {
    __u64 id;
};
struct cgroup {
    struct kernfs_node *kn;
};
struct sock_cgroup_data {
    struct cgroup *cgroup;
};
struct sock {
    struct sock_cgroup_data sk_cgrp_data;
    unsigned long sk_max_pacing_rate;
};
struct inet_sock {
    struct sock sk;
};
struct inet_connection_sock {
    struct inet_sock icsk_inet;
};
struct tcp_sock {
    struct inet_connection_sock inet_conn;
    __u32 segs_out;
    __u32 total_retrans;
    __u64 bytes_sent;
};
#pragma clang attribute pop

// When a control group is over a bound. Set before the program is attached.
struct rules {
    __u64 established_max;
    // Of 10,000 sent segments.
    __u64 retransmits_max;
    // Sent in the window, so that the share is judged at all.
    __u64 segments_min;
    __u64 window_nanos;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct rules);
} rules SEC(".maps");

// What the sockets of one control group have done. User space reads the first four, and removes groups that are gone.
struct counts {
    // Connections now.
    __u64 established;
    // Without those that were sent again, as OutSegs.
    __u64 segments_sent;
    __u64 segments_retransmitted;
    // Of payload, retransmitted or not.
    __u64 bytes_sent;
    // Where the window began in which the share is judged, and what was counted until then.
    __u64 window_began_nanos;
    __u64 window_sent;
    __u64 window_retransmitted;
    // When user space was told last.
    __u64 told_nanos;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, MOST_CGROUPS);
    __type(key, __u64);
    __type(value, struct counts);
} cgroups SEC(".maps");

// What one socket of a control group may send, in bytes a second. Set by user space while the group is limited.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, MOST_CGROUPS);
    __type(key, __u64);
    __type(value, __u32);
} limits SEC(".maps");

// What of a socket is in the sums.
struct seen {
    __u64 cgroup;
    __u64 bytes_sent;
    __u32 segments_out;
    __u32 retransmitted;
    __u32 established;
    __u32 unused;
};

struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, __u32);
    __type(value, struct seen);
} sockets SEC(".maps");

// A control group is over a bound: look at it. At most one a second and group.
struct event {
    __u64 cgroup;
    __u64 at_nanos;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, EVENT_BYTES);
} events SEC(".maps");

// What there was no room for.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, LOSSES);
    __type(key, __u32);
    __type(value, __u64);
} losses SEC(".maps");

static __always_inline void lost(__u32 what) {
    __u64 *count = bpf_map_lookup_elem(&losses, &what);
    if (count)
        __sync_fetch_and_add(count, 1);
}

static __always_inline struct counts *counts_of(__u64 cgroup) {
    struct counts *counts = bpf_map_lookup_elem(&cgroups, &cgroup);
    if (counts)
        return counts;
    struct counts none = {};
    bpf_map_update_elem(&cgroups, &cgroup, &none, BPF_NOEXIST);
    counts = bpf_map_lookup_elem(&cgroups, &cgroup);
    if (!counts)
        lost(CGROUPS_LOST);
    return counts;
}

static __always_inline void tell(struct counts *counts, __u64 cgroup, __u64 now) {
    __u64 told = counts->told_nanos;
    if (now - told < NANOS_PER_SECOND || __sync_val_compare_and_swap(&counts->told_nanos, told, now) != told)
        return;
    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        lost(EVENTS_LOST);
        return;
    }
    event->cgroup = cgroup;
    event->at_nanos = now;
    bpf_ringbuf_submit(event, 0);
}

// The windows follow one another: what is told too late for that, user space sees at its next look.
static __always_inline void judge(struct counts *counts, __u64 cgroup) {
    __u32 only = 0;
    struct rules *bounds = bpf_map_lookup_elem(&rules, &only);
    if (!bounds)
        return;
    __u64 now = bpf_ktime_get_ns();
    if (now - counts->window_began_nanos > bounds->window_nanos) {
        counts->window_began_nanos = now;
        counts->window_sent = counts->segments_sent;
        counts->window_retransmitted = counts->segments_retransmitted;
    }
    __u64 sent = counts->segments_sent - counts->window_sent;
    __u64 retransmitted = counts->segments_retransmitted - counts->window_retransmitted;
    if (counts->established > bounds->established_max ||
        (sent >= bounds->segments_min && retransmitted * 10000 > bounds->retransmits_max * sent))
        tell(counts, cgroup, now);
}

// What the socket counted since the last call; of one that is seen for the first time nothing is known.
static __always_inline void account(struct tcp_sock *socket, struct seen *seen, struct counts *counts) {
    __u32 segments_out = socket->segs_out;
    __u32 retransmitted = socket->total_retrans;
    __u64 bytes_sent = socket->bytes_sent;
    __u32 again = retransmitted - seen->retransmitted;
    // A segment that the host itself dropped is counted as sent again, and not as sent.
    __s32 fresh = segments_out - seen->segments_out - again;
    if (fresh > 0)
        __sync_fetch_and_add(&counts->segments_sent, fresh);
    __sync_fetch_and_add(&counts->bytes_sent, bytes_sent - seen->bytes_sent);
    seen->segments_out = segments_out;
    seen->retransmitted = retransmitted;
    seen->bytes_sent = bytes_sent;
    if (again) {
        __sync_fetch_and_add(&counts->segments_retransmitted, again);
        judge(counts, seen->cgroup);
    }
}

static __always_inline void count_connection(__u32 state, struct seen *seen, struct counts *counts) {
    if (state == BPF_TCP_ESTABLISHED && !seen->established) {
        seen->established = 1;
        __sync_fetch_and_add(&counts->established, 1);
        judge(counts, seen->cgroup);
    } else if (state != BPF_TCP_ESTABLISHED && seen->established) {
        seen->established = 0;
        __sync_fetch_and_add(&counts->established, -1);
    }
}

static __always_inline void pace(struct bpf_sock_ops *ops, struct tcp_sock *socket, __u64 cgroup) {
    __u32 *limit = bpf_map_lookup_elem(&limits, &cgroup);
    __u32 rate = limit ? *limit : UNLIMITED;
    unsigned long wanted = rate == UNLIMITED ? ~0UL : rate;
    if (socket->inet_conn.icsk_inet.sk.sk_max_pacing_rate != wanted)
        bpf_setsockopt(ops, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate));
}

static __always_inline void look(struct bpf_sock_ops *ops, __u32 state) {
    struct bpf_sock *sk = ops->sk;
    if (!sk)
        return;
    struct tcp_sock *socket = bpf_skc_to_tcp_sock(sk);
    if (!socket)
        return;
    struct seen *seen = bpf_sk_storage_get(&sockets, sk, 0, 0);
    if (!seen) {
        struct seen first = {
            .cgroup = socket->inet_conn.icsk_inet.sk.sk_cgrp_data.cgroup->kn->id,
            .bytes_sent = socket->bytes_sent,
            .segments_out = socket->segs_out,
            .retransmitted = socket->total_retrans,
        };
        seen = bpf_sk_storage_get(&sockets, sk, &first, BPF_SK_STORAGE_GET_F_CREATE);
        if (!seen)
            return;
    }
    struct counts *counts = counts_of(seen->cgroup);
    if (!counts)
        return;
    account(socket, seen, counts);
    count_connection(state, seen, counts);
    // The socket may be used again, with counters that begin anew.
    if (state == BPF_TCP_CLOSE)
        bpf_sk_storage_delete(&sockets, sk);
    else
        pace(ops, socket, seen->cgroup);
}

static __always_inline void watch(struct bpf_sock_ops *ops) {
    bpf_sock_ops_cb_flags_set(
        ops,
        ops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG);
}

SEC("sockops")
int node_guard(struct bpf_sock_ops *ops) {
    switch (ops->op) {
    case BPF_SOCK_OPS_TCP_CONNECT_CB:
    case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
    case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
        watch(ops);
        look(ops, ops->state);
        break;
    case BPF_SOCK_OPS_RTT_CB:
    case BPF_SOCK_OPS_RETRANS_CB:
        look(ops, ops->state);
        break;
    case BPF_SOCK_OPS_STATE_CB:
        look(ops, ops->args[1]);
        break;
    }
    return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
