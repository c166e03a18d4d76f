// Starts a program as a child, which Swift cannot: it has no fork.
#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include <signal.h>
#include <sys/types.h>

// Starts the program at `path` with these arguments, the last of them NULL, and with the signals
// in `blocked` blocked. It is killed when the calling thread ends, however that ends. Returns 0
// and the child's number, or the errno of whatever failed, exec included.
int start_child_process(
    const char *path, char *const arguments[], const sigset_t *blocked, pid_t *child);

#endif
