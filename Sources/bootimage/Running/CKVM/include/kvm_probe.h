// Does KVM run a guest here?
#ifndef KVM_PROBE_H
#define KVM_PROBE_H

#include <stdbool.h>

// Starts a virtual machine of one page at the processor's reset vector, which uses an SSE
// register and writes to a port, as firmware soon does. False where /dev/kvm is missing or
// closed to this user, and where it opens but cannot run such code (as when nested in a machine
// that emulates virtualisation in part). Takes a few milliseconds and starts no process.
bool kvm_runs_guests(void);

#endif
