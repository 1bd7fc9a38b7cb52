/* Counts every fsync and fdatasync of a process and, when asked to, makes each last at least so many microseconds.
 *
 * Preloaded (LD_PRELOAD) into the PostgreSQL server, into SQLite's process and into the loop they are compared with.
 * BENCH_FSYNC names a file of three 64-bit numbers shared by all of them: the least duration in microseconds, the
 * fsyncs so far, the fdatasyncs so far. The real call is always made first: nothing becomes less durable.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LEAST_US, FSYNCS, FDATASYNCS, NUMBERS };

static volatile uint64_t *shared;

__attribute__((constructor)) static void open_shared(void) {
    const char *path = getenv("BENCH_FSYNC");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *memory = mmap(NULL, NUMBERS * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED)
        shared = memory;
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void stretch(int64_t until_ns) {
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
}

static int sync_with(const char *name, int counter, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int64_t begun = now_ns();
    int result = real(file), trouble = errno;
    if (shared) {
        __atomic_fetch_add(&shared[counter], 1, __ATOMIC_RELAXED);
        if (shared[LEAST_US])
            stretch(begun + (int64_t)shared[LEAST_US] * 1000);
    }
    errno = trouble;
    return result;
}

int fsync(int file) { return sync_with("fsync", FSYNCS, file); }

int fdatasync(int file) { return sync_with("fdatasync", FDATASYNCS, file); }
