/* The function in which an exception arose, as far as its stack trace says so in a way that we know: Python (the last
 * line counts), Java, .NET, JavaScript, gdb and the sanitizers, and glibc's backtrace_symbols (the first counts). */
#include "innermost.h"

#include <string.h>

enum { LONGEST_NAME = 256, MOST_LINES = 4096 };

static const otel_str none = {NULL, 0};

static bool next_line(otel_str *rest, otel_str *line)
{
    if (rest->size == 0) return false;
    const char *end = memchr(rest->data, '\n', rest->size);
    size_t size = end ? (size_t)(end - rest->data) : rest->size, step = size + (end != NULL);
    *line = (otel_str){rest->data, size};
    *rest = (otel_str){rest->data + step, rest->size - step};
    while (line->size && (*line->data == ' ' || *line->data == '\t')) line->data++, line->size--;
    while (line->size && line->data[line->size - 1] == '\r') line->size--;
    return true;
}

static bool begins(otel_str line, const char *with)
{
    size_t n = strlen(with);
    return line.size >= n && memcmp(line.data, with, n) == 0;
}

static otel_str behind(otel_str line, size_t taken)
{
    return (otel_str){line.data + taken, line.size - taken};
}

/* Up to one of the characters, or all of it. */
static otel_str until(otel_str text, const char *ends)
{
    size_t n = 0;
    while (n < text.size && text.data[n] && !strchr(ends, text.data[n])) n++;
    return (otel_str){text.data, n};
}

static otel_str good(otel_str name)
{
    return name.size > 0 && name.size <= LONGEST_NAME ? name : none;
}

/* File "/app/x.py", line 5, in read_block */
static otel_str python_frame(otel_str line)
{
    static const char marker[] = ", in ";
    if (!begins(line, "File \"")) return none;
    for (size_t i = line.size; i >= sizeof marker - 1; i--)
        if (memcmp(line.data + i - (sizeof marker - 1), marker, sizeof marker - 1) == 0) return good(behind(line, i));
    return none;
}

/* #0  0x00007f in read_block (fd=3) at io.c:88      #0 0x55d0 in read_block /src/io.c:88 */
static otel_str numbered_frame(otel_str line)
{
    if (!begins(line, "#0 ")) return none;
    line = behind(line, 3);
    while (line.size && *line.data == ' ') line = behind(line, 1);
    if (begins(line, "0x")) {
        line = behind(line, until(line, " ").size);
        if (!begins(line, " in ")) return none;
        line = behind(line, 4);
    }
    return good(until(line, " ("));
}

/* ./agent(read_block+0x2a) [0x55d0c0] */
static otel_str symbol_frame(otel_str line)
{
    otel_str path = until(line, "(");
    if (path.size == 0 || path.size + 1 >= line.size) return none;
    otel_str rest = behind(line, path.size + 1), name = until(rest, "+)");
    bool is_symbol = name.size + 3 < rest.size && memcmp(rest.data + name.size, "+0x", 3) == 0;
    return is_symbol && memchr(rest.data, '[', rest.size) ? good(name) : none;
}

/* at shop.Cart.add(Cart.java:12)      at async add (/app/cart.js:3:9)      at Shop.Cart.Add(Int32 n) in c:\cart.cs:3
 * A place without a name is none: at /app/cart.js:3:9 */
static otel_str at_frame(otel_str line)
{
    if (!begins(line, "at ")) return none;
    otel_str rest = behind(line, 3);
    if (begins(rest, "async ")) rest = behind(rest, 6);
    if (begins(rest, "new ")) rest = behind(rest, 4);
    otel_str name = until(rest, " (");
    rest = behind(rest, name.size);
    return begins(rest, "(") || begins(rest, " (") || begins(rest, " [as ") ? good(name) : none;
}

static otel_str first_frame(otel_str line)
{
    otel_str name = at_frame(line);
    if (!name.size) name = numbered_frame(line);
    return name.size ? name : symbol_frame(line);
}

otel_str otel__azure_innermost(const char *stack, size_t size)
{
    otel_str rest = {stack, size}, line, found = none;
    bool python = size >= 9 && memcmp(stack, "Traceback", 9) == 0;
    for (int i = 0; i < MOST_LINES && next_line(&rest, &line); i++) {
        otel_str name = python ? python_frame(line) : first_frame(line);
        if (name.size) found = name;
        if (name.size && !python) break;
    }
    return found;
}
