#define _GNU_SOURCE
#include "temporary_files.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

int create_temporary_file(char *pattern) { return mkostemp(pattern, O_CLOEXEC); }

int rename_unless_taken(const char *old_path, const char *new_path) {
    return renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, RENAME_NOREPLACE);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status, (void)type, (void)place;
    remove(path);
    return 0;
}

void remove_folder(const char *path) {
    const int descriptor_limit = 16;
    nftw(path, remove_entry, descriptor_limit, FTW_DEPTH | FTW_PHYS);
}
