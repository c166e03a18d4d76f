#define _GNU_SOURCE
#include "child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

// Gives the process those descriptors as 0, 1, 2 and so on, wherever they were.
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

// Becomes the program, or tells through the pipe why not.
static void become(
    const char *path, char *const arguments[], const int descriptors[], int descriptor_count,
    const sigset_t *blocked, pid_t parent, int pipe) {
    // Away from the numbers that the program's descriptors get.
    int messages = fcntl(pipe, F_DUPFD_CLOEXEC, descriptor_count);
    // A parent that ended before prctl() was called sends nothing any more.
    if (messages >= 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        renumber(descriptors, descriptor_count) == 0) {
        sigprocmask(SIG_SETMASK, blocked, NULL);
        execv(path, arguments);
    }
    int error = errno;
    if (write(messages, &error, sizeof error) < 0) {
        _exit(126);
    }
    _exit(127);
}

int start_child_process(
    const char *path, char *const arguments[], const int descriptors[], int descriptor_count,
    const sigset_t *blocked, pid_t *child) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    pid_t parent = getpid();
    pid_t number = fork();
    int error = number < 0 ? errno : 0;
    if (number == 0) {
        become(path, arguments, descriptors, descriptor_count, blocked, parent, ends[1]);
    }
    close(ends[1]);
    // The program's start closes the pipe, which then has nothing to read.
    ssize_t count = 0;
    while (number > 0 && (count = read(ends[0], &error, sizeof error)) < 0 && errno == EINTR) {
    }
    close(ends[0]);
    if (count > 0) {
        waitpid(number, NULL, 0);
    }
    *child = number;
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
