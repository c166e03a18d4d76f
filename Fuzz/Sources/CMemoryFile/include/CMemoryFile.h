#ifndef CMEMORYFILE_H
#define CMEMORYFILE_H

/* Opens an empty file that is on no disk: memfd_create(2), which Swift does not see. */
int open_memory_file(void);

#endif
