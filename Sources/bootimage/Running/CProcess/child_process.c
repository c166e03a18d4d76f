#define _GNU_SOURCE
#include "child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Becomes the program, or tells through the pipe why not.
static void become(
    const char *path, char *const arguments[], const sigset_t *blocked, pid_t parent, int pipe) {
    // A parent that ended before prctl() was called sends nothing any more.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent) {
        sigprocmask(SIG_SETMASK, blocked, NULL);
        execv(path, arguments);
    }
    int error = errno;
    if (write(pipe, &error, sizeof error) < 0) {
        _exit(126);
    }
    _exit(127);
}

int start_child_process(
    const char *path, char *const arguments[], const sigset_t *blocked, pid_t *child) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    pid_t parent = getpid();
    pid_t number = fork();
    int error = number < 0 ? errno : 0;
    if (number == 0) {
        become(path, arguments, blocked, parent, ends[1]);
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
