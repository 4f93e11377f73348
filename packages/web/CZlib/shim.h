// zlib, the reference deflate, as its header declares it.
#pragma once
#include <zlib.h>

// deflateInit2 is a macro. 31 asks for the largest window and a gzip wrapper [zlib.h].
static inline int zlib_begin_gzip(z_stream *stream) {
  return deflateInit2(stream, Z_BEST_COMPRESSION, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
}
