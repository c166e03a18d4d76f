// Does KVM run a guest here?
#ifndef KVM_PROBE_H
#define KVM_PROBE_H

#include <stdbool.h>

enum kvm_outcome {
    KVM_RUNS,   // the guest did what it should
    KVM_ABSENT, // there is no /dev/kvm
    KVM_CLOSED, // /dev/kvm is not for this user
    KVM_FAILS,  // it cannot run such code, as when nested in a machine that emulates in part
    KVM_HANGS,  // the guest did not end in time
};

// Starts a virtual machine of one page at the processor's reset vector, which uses an SSE
// register and writes to a port, as firmware soon does. A process of its own does so, which is
// killed after `limit` milliseconds; usually it takes a few.
enum kvm_outcome probe_kvm(int limit);

// The same as one answer, in two seconds at most.
bool kvm_runs_guests(void);

#endif
