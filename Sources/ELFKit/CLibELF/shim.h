// The whole of libelf that ELFKit sees; see elfutils' libelf-dev.
#include <elfutils/version.h>
#include <gelf.h>
#include <libelf.h>
