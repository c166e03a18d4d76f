// What Swift cannot do about processes and signals: it has no fork, and glibc's signalfd is hidden
// from it.
#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include <signal.h>
#include <sys/types.h>

// Starts the program at `path` with these arguments, the last of them NULL, and with the signals
// in `blocked` blocked. It has `descriptors` as its descriptors 0, 1, 2 and so on, and those that
// are not closed by exec. It is killed when the calling thread ends, however that ends. Returns 0
// and the child's number, or the errno of whatever failed, exec included.
int start_child_process(
    const char *path, char *const arguments[], const int descriptors[], int descriptor_count,
    const sigset_t *blocked, pid_t *child);

// A descriptor from which next_signal() reads these signals, which must be blocked; -1 on failure.
int open_signal_descriptor(const sigset_t *signals);

// The next signal that has come, or 0 if none has.
int next_signal(int descriptor);

#endif
