/* The load: keep-alive connections, one request after another on each, and every answer compared with what it must be.
 *
 * usage: load PORT FILE CONNECTIONS SECONDS   FILE: again and again a 32-bit length and a request, a 32-bit length and the
 * body that must come back. Prints how many were answered, how many wrongly, and the seconds that it took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 65536, MOST = 256, ITEMS = 65536 };

static struct { const char *request, *body; uint32_t request_length, body_length; } items[ITEMS];
static struct { char bytes[ROOM]; size_t held, item; } slots[MOST + 64];
static size_t item_count, next_item;
static long answered, wrong;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *all = malloc(size), *end = all + size;
    if (!all || fread(all, 1, size, file) != (size_t)size) exit(2);
    fclose(file);
    while (all < end && item_count < ITEMS) {
        memcpy(&items[item_count].request_length, all, 4);
        items[item_count].request = all + 4;
        all += 4 + items[item_count].request_length;
        memcpy(&items[item_count].body_length, all, 4);
        items[item_count].body = all + 4;
        all += 4 + items[item_count++].body_length;
    }
}

static void ask(int fd) {
    slots[fd].item = next_item++ % item_count;
    slots[fd].held = 0;
    if (write(fd, items[slots[fd].item].request, items[slots[fd].item].request_length) < 0) exit(3);
}

/* Whether the answer on this connection is whole; then it is counted and the next question asked. */
static void take(int fd) {
    ssize_t got = read(fd, slots[fd].bytes + slots[fd].held, ROOM - 1 - slots[fd].held);
    if (got <= 0) exit(4);
    slots[fd].held += got;
    slots[fd].bytes[slots[fd].held] = 0;
    const char *end = strstr(slots[fd].bytes, "\r\n\r\n"), *found = strcasestr(slots[fd].bytes, "content-length:");
    if (!end || !found || found > end) return;
    size_t length = strtoul(found + 15, NULL, 10), head = end - slots[fd].bytes + 4;
    if (slots[fd].held < head + length) return;
    answered++;
    size_t item = slots[fd].item;
    if (memcmp(slots[fd].bytes + 9, "200", 3) || length != items[item].body_length || memcmp(end + 4, items[item].body, length)) {
        if (!wrong++) fprintf(stderr, "wrong answer: %.400s\n", slots[fd].bytes);
    }
    ask(fd);
}

int main(int count, char **words) {
    if (count != 5) return 2;
    load(words[2]);
    int one = 1, connections = atoi(words[3]), poll = epoll_create1(0);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int place = 0; place < connections && place < MOST; place++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&where, sizeof where)) return 3;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted);
        ask(fd);
    }
    struct epoll_event ready[64];
    double begin = now(), end = begin + atof(words[4]);
    while (now() < end)
        for (int many = epoll_wait(poll, ready, 64, 100), place = 0; place < many; place++) take(ready[place].data.fd);
    printf("{\"answered\": %ld, \"wrong\": %ld, \"wall\": %.6f}\n", answered, wrong, now() - begin);
    return 0;
}
