#include "prebuilt_loader.h"
