// iconv of the C library.
#pragma once
#include <errno.h>
#include <iconv.h>
