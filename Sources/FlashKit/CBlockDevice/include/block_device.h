// Calls that Swift cannot make: open(2) with Linux's own flags, and ioctl(2).
#ifndef BLOCK_DEVICE_H
#define BLOCK_DEVICE_H

// Opens a device for reading and writing, exclusively and past the page cache. Returns a
// descriptor, or -1 with errno: EBUSY if it is mounted or otherwise in use.
int open_block_device(const char *path);

// Drops the kernel's cache of a device. Returns 0, or -1 with errno.
int forget_cached_blocks(int descriptor);

// Makes the kernel read the partition table again. Returns 0, or -1 with errno: EINVAL if the
// device cannot have partitions.
int read_partition_table_again(int descriptor);

#endif
