// zlib, and its macros that Swift cannot import.

#pragma once

#include <zlib.h>

/// Begins a stream of gzip (RFC 1952) with a window of 8 KiB, which is quick to set up: zlib's own 32 KiB cost more than
/// the compression of a page of JSON.
static inline int czlib_begin_gzip(z_stream *stream) {
    return deflateInit2(stream, Z_BEST_SPEED, Z_DEFLATED, 16 + 13, 7, Z_DEFAULT_STRATEGY);
}
