#define _GNU_SOURCE
#include "kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, RESET_OFFSET = 0xFF0 };
static const uint64_t last_page_below_4_gib = 0xFFFFF000;

// 16-bit code for the start of the page: CR4.OSFXSR on, clear XMM0, write to port 10h.
static const uint8_t guest_code[] = {
    0x0F, 0x20, 0xE0,                   // mov %cr4, %eax
    0x66, 0x0D, 0x00, 0x02, 0x00, 0x00, // or $0x200, %eax
    0x0F, 0x22, 0xE0,                   // mov %eax, %cr4
    0x0F, 0x57, 0xC0,                   // xorps %xmm0, %xmm0
    0xE6, 0x10,                         // out %al, $0x10
    0xF4,                               // hlt
};
static const uint8_t jump_to_page_start[] = {0xE9, 0x0D, 0xF0}; // from FF0h to 0 of the page

static bool run_guest(int kvm, int machine, uint8_t *page) {
    memcpy(page, guest_code, sizeof guest_code);
    memcpy(page + RESET_OFFSET, jump_to_page_start, sizeof jump_to_page_start);
    struct kvm_userspace_memory_region region = {
        .guest_phys_addr = last_page_below_4_gib,
        .memory_size = PAGE,
        .userspace_addr = (uintptr_t)page,
    };
    if (ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) < 0) {
        return false;
    }
    int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    int processor = ioctl(machine, KVM_CREATE_VCPU, 0);
    if (size < (int)sizeof(struct kvm_run) || processor < 0) {
        return false;
    }
    struct kvm_run *run =
        mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, processor, 0);
    bool reached_port = run != MAP_FAILED && ioctl(processor, KVM_RUN, 0) == 0
        && run->exit_reason == KVM_EXIT_IO && run->io.port == 0x10;
    close(processor);
    return reached_port;
}

static enum kvm_outcome probe(void) {
    int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (kvm < 0) {
        return errno == EACCES || errno == EPERM ? KVM_CLOSED : KVM_ABSENT;
    }
    int machine = ioctl(kvm, KVM_CREATE_VM, 0);
    uint8_t *page =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool works = machine >= 0 && page != MAP_FAILED && run_guest(kvm, machine, page);
    return works ? KVM_RUNS : KVM_FAILS;
}

enum kvm_outcome probe_kvm(int limit) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return KVM_FAILS;
    }
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        unsigned char outcome = (unsigned char)probe();
        _exit(write(ends[1], &outcome, 1) == 1 ? 0 : 1);
    }
    close(ends[1]);
    unsigned char outcome = KVM_FAILS;
    if (child > 0) {
        struct pollfd answer = {.fd = ends[0], .events = POLLIN};
        int count;
        while ((count = poll(&answer, 1, limit)) < 0 && errno == EINTR) {
        }
        if (count == 0) {
            outcome = KVM_HANGS;
        } else if (read(ends[0], &outcome, 1) != 1) {
            outcome = KVM_FAILS;
        }
        kill(child, SIGKILL);
        // Not even death ends a call that the kernel is stuck in.
        int wait_or_not = outcome == KVM_HANGS ? WNOHANG : 0;
        while (waitpid(child, NULL, wait_or_not) < 0 && errno == EINTR) {
        }
    }
    close(ends[0]);
    return outcome;
}

bool kvm_runs_guests(void) { return probe_kvm(2000) == KVM_RUNS; }
