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

// The file under a loop device, whose path may name another file, or none, in this mount namespace.
struct loop_file {
    // The number of its file system's device, as in stat(2).
    unsigned long long file_system;
    unsigned long long inode;
    // The device's number if the file is a device node, else 0.
    unsigned long long device;
};

// Finds the file under the loop device with that path. Returns 0, or -1 with errno.
int find_loop_file(const char *path, struct loop_file *file);

#endif
