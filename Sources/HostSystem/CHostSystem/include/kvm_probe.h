// Does KVM run a guest here?
#ifndef KVM_PROBE_H
#define KVM_PROBE_H

#include <stdbool.h>

enum kvm_outcome {
    KVM_RUNS,   // the guest ran
    KVM_ABSENT, // there is no /dev/kvm
    KVM_CLOSED, // this user may not open /dev/kvm
    KVM_FAILS,  // it cannot run this code, as in a virtual machine that emulates in part
    KVM_HANGS,  // the guest did not end in time
};

// Starts a virtual machine of one page at the processor's reset vector, which uses an SSE
// register and writes to a port, as firmware soon does. This takes a few milliseconds, in a process
// of its own, which is killed after `limit` milliseconds.
enum kvm_outcome probe_kvm(int limit);

// Probes for at most two seconds; true for KVM_RUNS.
bool kvm_runs_guests(void);

#endif
