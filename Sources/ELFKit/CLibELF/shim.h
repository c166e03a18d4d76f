// The whole of libelf that ELFKit sees; see elfutils' libelf-dev.
#include <gelf.h>
#include <libelf.h>
