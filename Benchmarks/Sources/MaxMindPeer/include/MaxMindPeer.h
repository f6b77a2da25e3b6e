// libmaxminddb, opened when it is asked for, so that the benchmark builds and runs where it is not.
#ifndef MAXMIND_PEER_H
#define MAXMIND_PEER_H

#include <stddef.h>
#include <stdint.h>

/// An address as the library takes it, made beforehand: it is the look-up that is measured.
typedef struct {
    uint8_t storage[32];
} maxmind_address;

typedef struct maxmind_peer maxmind_peer;

/// The library's version; NULL if there is no library.
const char *_Nullable maxmind_version(void);

/// Opens a database; NULL if that fails.
maxmind_peer *_Nullable maxmind_open(const char *_Nonnull path);
void maxmind_close(maxmind_peer *_Nonnull peer);

maxmind_address maxmind_make_v4(const uint8_t bytes[_Nonnull 4]);
maxmind_address maxmind_make_v6(const uint8_t bytes[_Nonnull 16]);

// Each goes through the addresses as often as told, and gives a sum over what it found, so that nothing is left out.

/// Look-ups alone; sums the lengths of the prefixes.
uint64_t maxmind_lookups(
    maxmind_peer *_Nonnull peer, const maxmind_address *_Nonnull addresses, size_t count, size_t times);
/// Look-ups and the country's code; sums the lengths of the codes.
uint64_t maxmind_countries(
    maxmind_peer *_Nonnull peer, const maxmind_address *_Nonnull addresses, size_t count, size_t times);
/// Look-ups and the whole record as a list; sums whether there was one.
uint64_t maxmind_lists(
    maxmind_peer *_Nonnull peer, const maxmind_address *_Nonnull addresses, size_t count, size_t times);

#endif
