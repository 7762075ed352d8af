/*
 * System calls that return -errno and touch no memory of their own. A new process shares our memory until execve, errno
 * included, so it must not use the C library's wrappers: a call failing there would change errno under the loop's feet.
 */
#ifndef ATOLL_RAW_H
#define ATOLL_RAW_H
#include <sys/syscall.h>

#if defined(__x86_64__)
static inline long raw4(long n, long a, long b, long c, long d) {
	long r;
	register long r10 __asm__("r10") = d;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
	return r;
}
#elif defined(__aarch64__)
static inline long raw4(long n, long a, long b, long c, long d) {
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}
#else
#error "atoll-init is built for x86-64 and arm64"
#endif

#define raw0(n) raw4((n), 0, 0, 0, 0)
#define raw1(n, a) raw4((n), (long)(a), 0, 0, 0)
#define raw2(n, a, b) raw4((n), (long)(a), (long)(b), 0, 0)
#define raw3(n, a, b, c) raw4((n), (long)(a), (long)(b), (long)(c), 0)

#endif
