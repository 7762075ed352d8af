/* SHA-256 (FIPS 180-4), by the processor's own instructions where it has them. */
#pragma GCC optimize("O3")
#include <string.h>

#include "files.h"

static const uint32_t k[64] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t turn(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void blocks_portable(uint32_t state[8], const uint8_t *p, size_t count) {
	uint32_t w[64];
	for (; count > 0; count--, p += 64) {
		for (int i = 0; i < 16; i++)
			w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
		for (int i = 16; i < 64; i++) {
			uint32_t a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
			uint32_t b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
			w[i] = w[i - 16] + a + w[i - 7] + b;
		}
		uint32_t v[8];
		memcpy(v, state, sizeof v);
		for (int i = 0; i < 64; i++) {
			uint32_t e = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25);
			uint32_t t = v[7] + e + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
			uint32_t a = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22);
			uint32_t u = a + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
			memmove(v + 1, v, 7 * sizeof *v);
			v[4] += t;
			v[0] = t + u;
		}
		for (int i = 0; i < 8; i++) state[i] += v[i];
	}
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static bool has_instructions(void) {
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_instructions(uint32_t state[8], const uint8_t *p, size_t count) {
	const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i s1 = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	__m128i s0 = _mm_alignr_epi8(t, s1, 8);
	s1 = _mm_blend_epi16(s1, t, 0xf0);
	for (; count > 0; count--, p += 64) {
		__m128i before0 = s0, before1 = s1, w[4];
		for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), order);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i m = _mm_add_epi32(w[i & 3], _mm_load_si128((const __m128i *)(k + 4 * i)));
			s1 = _mm_sha256rnds2_epu32(s1, s0, m);
			s0 = _mm_sha256rnds2_epu32(s0, s1, _mm_shuffle_epi32(m, 0x0e));
			if (i < 12) {
				__m128i x = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
				x = _mm_add_epi32(x, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
				w[i & 3] = _mm_sha256msg2_epu32(x, w[(i + 3) & 3]);
			}
		}
		s0 = _mm_add_epi32(s0, before0);
		s1 = _mm_add_epi32(s1, before1);
	}
	t = _mm_shuffle_epi32(s0, 0x1b);
	s1 = _mm_shuffle_epi32(s1, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(t, s1, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(s1, t, 8));
}
#endif

static void blocks(uint32_t state[8], const uint8_t *p, size_t count) {
#if defined(__x86_64__)
	static int instructions = -1;
	if (instructions < 0) instructions = has_instructions();
	if (instructions) {
		blocks_instructions(state, p, count);
		return;
	}
#endif
	blocks_portable(state, p, count);
}

void sha256_begin(struct sha256 *s) {
	static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	memcpy(s->state, first, sizeof first);
	s->total = 0;
}

void sha256_add(struct sha256 *s, const uint8_t *bytes, size_t n) {
	size_t have = s->total % 64;
	s->total += n;
	if (have > 0) {
		size_t more = n < 64 - have ? n : 64 - have;
		memcpy(s->block + have, bytes, more);
		bytes += more;
		n -= more;
		if (have + more < 64) return;
		blocks(s->state, s->block, 1);
	}
	blocks(s->state, bytes, n / 64);
	memcpy(s->block, bytes + n / 64 * 64, n % 64);
}

void sha256_end(struct sha256 *s, uint8_t hash[HASH_BYTES]) {
	uint8_t tail[72] = {0x80};
	uint64_t bits = s->total * 8;
	size_t pad = (s->total % 64 < 56 ? 56 : 120) - s->total % 64;
	for (int i = 0; i < 8; i++) tail[pad + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(s, tail, pad + 8);
	for (int i = 0; i < 8; i++)
		for (int j = 0; j < 4; j++) hash[4 * i + j] = (uint8_t)(s->state[i] >> (24 - 8 * j));
}
