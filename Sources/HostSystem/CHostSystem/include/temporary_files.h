// File calls that Glibc hides from Swift.
#ifndef TEMPORARY_FILES_H
#define TEMPORARY_FILES_H

// Creates a file with a name from `pattern`, whose last six X are replaced. Returns a descriptor
// that exec closes, or -1 with errno.
int create_temporary_file(char *pattern);

// Renames a file or folder unless something has the new name. Returns 0, or -1 with errno.
int rename_unless_taken(const char *old_path, const char *new_path);

// Removes a folder with everything in it, as far as possible. Follows no symbolic links.
void remove_folder(const char *path);

#endif
