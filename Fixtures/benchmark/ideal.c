// Writes a BIOS image of a kernel with the least work: one pass, one buffer, a temporary file that
// is renamed. Without checks, tables and the loader's code.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[131072];

int main(int count, char *words[]) {
    const off_t start = 1 << 20;
    char temporary[4096];
    struct stat status;
    if (count != 3) {
        return 64;
    }
    int input = open(words[1], O_RDONLY);
    snprintf(temporary, sizeof temporary, "%s.tmp", words[2]);
    int output = open(temporary, O_RDWR | O_CREAT | O_EXCL, 0666);
    if (input < 0 || output < 0 || fstat(input, &status) < 0 ||
        ftruncate(output, start + ((status.st_size + start - 1) & -start)) < 0 ||
        pwrite(output, buffer, 32768, 0) != 32768) {
        return 74;
    }
    ssize_t length;
    for (off_t at = 0; (length = pread(input, buffer, sizeof buffer, at)) > 0; at += length) {
        if (pwrite(output, buffer, length, start + 4096 + at) != length) {
            return 74;
        }
    }
    return length < 0 || rename(temporary, words[2]) < 0 ? 74 : 0;
}
