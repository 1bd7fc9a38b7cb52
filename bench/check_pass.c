/* One pass over rows "7dddddddddd,20yy-mm-dd": what a plain C program needs for the same answers. One thread, no tricks.
   check_pass INDEX DIRECTORY_AT BLOCKS_AT IN OUT TODAY KNOWN_SINCE (the last two as day numbers) */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROW = 23, BUFFER = 1 << 20 };
enum { TRUE, FALSE, OUT_OF_RANGE, NOT_FOUND };
static const char SAID[4][16] = {",true,\n", ",false,\n", ",out_of_range,\n", ",not_found,\n"};
static const int LENGTH[4] = {7, 8, 15, 12};
static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
static uint16_t day_of[100][13][32];
static unsigned char out[BUFFER + 64];

static void fill_calendar(void) {
    int number = 2;
    for (int year = 0; year < 100; year++)
        for (int month = 1; month <= 12; month++) {
            int length = LENGTHS[month - 1] + (month == 2 && year % 4 == 0);
            for (int day = 1; day <= length; day++) day_of[year][month][day] = number++;
        }
}

static inline __attribute__((always_inline)) int digits(const unsigned char *text, int count, int *bad) {
    int value = 0;
    for (int place = 0; place < count; place++) {
        unsigned digit = text[place] - '0';
        *bad |= digit > 9;
        value = value * 10 + (int)digit;
    }
    return value;
}

int main(int count, char **words) {
    if (count != 8) return 2;
    struct stat found;
    int index_file = open(words[1], O_RDONLY), in_file = open(words[4], O_RDONLY);
    int out_file = open(words[5], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (index_file < 0 || in_file < 0 || out_file < 0) return 2;
    fstat(index_file, &found);
    unsigned char *index = mmap(NULL, found.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, index_file, 0);
    const int32_t *directory = (const int32_t *)(index + atol(words[2]));
    const uint16_t *pairs = (const uint16_t *)(index + atol(words[3]));
    fstat(in_file, &found);
    const unsigned char *in = mmap(NULL, found.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, in_file, 0);
    const unsigned char *end = in + found.st_size, *row = memchr(in, '\n', found.st_size);
    int today = atoi(words[6]), known_since = atoi(words[7]);
    size_t used = sprintf((char *)out, "number,date,answer,reason\n");
    fill_calendar();
    for (row++; row + ROW <= end; row += ROW) {
        int bad = row[0] != '7' || row[11] != ',' || row[12] != '2' || row[13] != '0' || row[16] != '-' || row[19] != '-';
        int high = digits(row + 1, 6, &bad), low = digits(row + 7, 4, &bad);
        int year = digits(row + 14, 2, &bad), month = digits(row + 17, 2, &bad), day = digits(row + 20, 2, &bad);
        if (bad || month > 12 || day > 31 || row[22] != '\n') return 3;
        int asked = day_of[year][month][day], block = directory[high];
        int answer;
        if (!asked) return 3;
        uint32_t disconnect = 0, activation = 0;
        if (block >= 0) {
            const uint16_t *pair = pairs + 2 * ((size_t)block * 10000 + low);
            disconnect = pair[0], activation = pair[1];
        }
        if (disconnect == 65535) return 3;
        if (asked > today || asked < known_since) answer = OUT_OF_RANGE;
        else if (activation) answer = asked >= (int)activation ? FALSE : TRUE;
        else answer = disconnect > 1 ? TRUE : NOT_FOUND;
        memcpy(out + used, row, ROW - 1);
        memcpy(out + used + ROW - 1, SAID[answer], sizeof SAID[answer]); /* what is too much is written over */
        used += ROW - 1 + LENGTH[answer];
        if (used > BUFFER - 64) {
            if (write(out_file, out, used) != (ssize_t)used) return 4;
            used = 0;
        }
    }
    if (used && write(out_file, out, used) != (ssize_t)used) return 4;
    return close(out_file);
}
