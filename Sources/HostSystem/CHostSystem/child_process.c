#define _GNU_SOURCE
#include "child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

// Renumbers descriptors to 0, 1, 2 and so on, whatever their numbers were.
static int renumber(const int descriptors[], int count) {
    int copies[count + 1];
    for (int number = 0; number < count; number++) {
        copies[number] = fcntl(descriptors[number], F_DUPFD_CLOEXEC, count);
        if (copies[number] < 0) {
            return -1;
        }
    }
    for (int number = 0; number < count; number++) {
        if (dup2(copies[number], number) < 0) {
            return -1;
        }
    }
    return 0;
}

// Becomes the program, or reports the error through the pipe.
static void become(const struct child_process *child, pid_t parent, int pipe) {
    // Out of the way of the program's own descriptors.
    int messages = fcntl(pipe, F_DUPFD_CLOEXEC, child->descriptor_count);
    // If the parent ended before prctl() was called, no signal arrives.
    if (messages >= 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        (child->folder == NULL || chdir(child->folder) == 0) &&
        (!child->leads_group || setpgid(0, 0) == 0) &&
        renumber(child->descriptors, child->descriptor_count) == 0) {
        sigprocmask(SIG_SETMASK, child->blocked_signals, NULL);
        execve(child->path, child->arguments, child->environment);
    }
    int error = errno;
    if (write(messages, &error, sizeof error) < 0) {
        _exit(126);
    }
    _exit(127);
}

int start_child_process(const struct child_process *child, pid_t *identifier) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    pid_t parent = getpid();
    pid_t number = fork();
    int error = number < 0 ? errno : 0;
    if (number == 0) {
        become(child, parent, ends[1]);
    }
    close(ends[1]);
    // A successful exec closes the pipe with nothing to read.
    ssize_t count = 0;
    while (number > 0 && (count = read(ends[0], &error, sizeof error)) < 0 && errno == EINTR) {
    }
    close(ends[0]);
    if (count > 0) {
        waitpid(number, NULL, 0);
    }
    *identifier = number;
    return error;
}

int open_signal_descriptor(const sigset_t *signals) {
    return signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int next_signal(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t count = read(descriptor, &information, sizeof information);
    return count == sizeof information ? (int)information.ssi_signo : 0;
}
