#define _GNU_SOURCE
#include "block_device.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

int open_block_device(const char *path) {
    return open(path, O_RDWR | O_EXCL | O_DIRECT | O_CLOEXEC);
}

int forget_cached_blocks(int descriptor) { return ioctl(descriptor, BLKFLSBUF, 0); }

int read_partition_table_again(int descriptor) { return ioctl(descriptor, BLKRRPART, 0); }
