#define _GNU_SOURCE
#include <sys/mman.h>

#include "CMemoryFile.h"

int open_memory_file(void) { return memfd_create("input", 0); }
