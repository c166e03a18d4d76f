// What Swift cannot call: open(2) with Linux's own flags, and ioctl(2).
#ifndef BLOCK_DEVICE_H
#define BLOCK_DEVICE_H

// Opens a device to write to it and read from it, for this process alone and past the page cache.
// Returns a descriptor, or -1 with errno: EBUSY where something is mounted or otherwise in use.
int open_block_device(const char *path);

// Forgets what the kernel has kept of a device's content. 0, or -1 with errno.
int forget_cached_blocks(int descriptor);

// Has the kernel look for partitions again. 0, or -1 with errno: EINVAL where there can be none.
int read_partition_table_again(int descriptor);

#endif
