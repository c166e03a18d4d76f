#define _GNU_SOURCE
#include "block_device.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <unistd.h>

int open_block_device(const char *path) {
    return open(path, O_RDWR | O_EXCL | O_DIRECT | O_CLOEXEC);
}

int forget_cached_blocks(int descriptor) { return ioctl(descriptor, BLKFLSBUF, 0); }

int read_partition_table_again(int descriptor) { return ioctl(descriptor, BLKRRPART, 0); }

int find_loop_file(const char *path, struct loop_file *file) {
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    struct loop_info64 info;
    int result = ioctl(descriptor, LOOP_GET_STATUS64, &info);
    close(descriptor);
    if (result == 0)
        *file = (struct loop_file){info.lo_device, info.lo_inode, info.lo_rdevice};
    return result;
}
