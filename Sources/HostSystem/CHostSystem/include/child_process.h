// Process and signal calls that Swift cannot make: it has no fork, and Glibc hides signalfd.
#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct child_process {
    const char *path;
    // Both end with NULL.
    char *const *arguments;
    char *const *environment;
    // The program's descriptors 0, 1, 2 and so on; it also keeps those without FD_CLOEXEC.
    const int *descriptors;
    int descriptor_count;
    // The folder that it starts in; NULL is this process's.
    const char *folder;
    // The signals that are blocked in the program.
    const sigset_t *blocked_signals;
    // Whether it gets a process group of its own, so that a terminal's Ctrl-C does not reach it.
    bool leads_group;
};

// Starts the program, which is killed when the calling thread ends. Stores the child's process ID.
// Returns 0, or the errno of the call that failed, exec included.
int start_child_process(const struct child_process *child, pid_t *identifier);

// Returns a descriptor from which next_signal() reads these signals, which must be blocked, or -1.
int open_signal_descriptor(const sigset_t *signals);

// Returns the next pending signal, or 0 if there is none.
int next_signal(int descriptor);

#endif
