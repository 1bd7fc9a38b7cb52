/* The floor: an epoll loop on one core that answers every request with the same bytes, looking only for where it ends.
 *
 * usage: floor PORT FILE   FILE holds the whole answer, head and body.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 65536, MOST = 1024 };

static struct { char bytes[ROOM]; size_t held; } slots[MOST];
static char answer[ROOM];
static size_t answer_length;

/* How long the first whole request in the buffer is; 0 when it is not whole yet. */
static size_t whole(const char *bytes, size_t held) {
    const char *end = memmem(bytes, held, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = end - bytes + 4, body = 0;
    const char *found = strcasestr(bytes, "content-length:");
    if (found && found < end) body = strtoul(found + 15, NULL, 10);
    return head + body <= held ? head + body : 0;
}

static void serve(int fd, int poll) {
    ssize_t got = read(fd, slots[fd].bytes + slots[fd].held, ROOM - 1 - slots[fd].held);
    if (got <= 0) {
        epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
        close(fd);
        return;
    }
    slots[fd].held += got;
    slots[fd].bytes[slots[fd].held] = 0;
    for (size_t length; (length = whole(slots[fd].bytes, slots[fd].held));) {
        if (write(fd, answer, answer_length) < 0) return;
        slots[fd].held -= length;
        memmove(slots[fd].bytes, slots[fd].bytes + length, slots[fd].held + 1);
    }
}

int main(int count, char **words) {
    if (count != 3) return 2;
    FILE *file = fopen(words[2], "rb");
    if (!file) return 2;
    answer_length = fread(answer, 1, ROOM, file);
    fclose(file);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&where, sizeof where) || listen(listener, 128)) return 1;
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener}, ready[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        int many = epoll_wait(poll, ready, 64, -1);
        for (int place = 0; place < many; place++) {
            int fd = ready[place].data.fd;
            if (fd != listener) {
                serve(fd, poll);
                continue;
            }
            int made = accept(listener, NULL, NULL);
            if (made < 0 || made >= MOST) continue;
            setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            slots[made].held = 0;
            wanted.data.fd = made;
            epoll_ctl(poll, EPOLL_CTL_ADD, made, &wanted);
        }
    }
}
