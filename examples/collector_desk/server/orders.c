/* The grammar of --fail, --fail-items, --fail-first and --fail-location. */
#include "orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(const char *option, const char *words)
{
    fprintf(stderr, "collector_desk: %s %s\n", option, words);
    return false;
}

/* Digits up to the end or a comma; *rest is what follows the comma, NULL without one. */
static bool read_number(const char *text, unsigned limit, unsigned *out, const char **rest)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || (text[digits] && text[digits] != ',')) return false;
    unsigned long value = strtoul(text, NULL, 10);
    *rest = text[digits] ? text + digits + 1 : NULL;
    *out = (unsigned)value;
    return value <= limit;
}

static bool is_header_value(const char *text)
{
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e) return false;
    }
    return true;
}

static bool read_status(desk_orders *orders, const char *text)
{
    bool good = read_number(text, 599, &orders->status, &orders->retry_after) && orders->status > 200;
    if (good && orders->retry_after) good = is_header_value(orders->retry_after);
    return good || complain("--fail", "takes a status from 201 to 599 and, behind a comma, a Retry-After value");
}

static bool read_first(desk_orders *orders, const char *text)
{
    const char *rest;
    bool good = read_number(text, 999999999, &orders->first, &rest) && !rest && orders->first > 0;
    return good || complain("--fail-first", "takes the number of requests that fail");
}

/* "-", "sampled", or a status. *rest as above. */
static bool read_item(const char *text, unsigned short *status, const char **rest)
{
    static const struct {
        const char *word;
        unsigned short status;
    } words[] = {{"-", 0}, {"sampled", 206}};
    size_t size = strcspn(text, ",");
    *rest = text[size] ? text + size + 1 : NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *status = words[i].status;
        if (size == strlen(words[i].word) && memcmp(text, words[i].word, size) == 0) return true;
    }
    unsigned number;
    if (!read_number(text, 599, &number, rest) || number < 400) return false;
    *status = (unsigned short)number;
    return true;
}

static bool read_items(desk_orders *orders, const char *text)
{
    orders->item_count = 0;
    while (text && orders->item_count < DESK_ORDERS_MOST_ITEMS) {
        if (!read_item(text, &orders->items[orders->item_count++], &text)) break;
        if (!text) return true;
    }
    return complain("--fail-items",
                    "takes at most 256 of: - (taken), sampled, a status from 400 to 599; commas between");
}

bool desk_orders_read(desk_orders *orders, const char *name, const char *value, bool *known)
{
    *known = true;
    if (strcmp(name, "--fail") == 0) return read_status(orders, value);
    if (strcmp(name, "--fail-first") == 0) return read_first(orders, value);
    if (strcmp(name, "--fail-items") == 0) return read_items(orders, value);
    *known = strcmp(name, "--fail-location") == 0;
    if (!*known) return false;
    orders->location = value;
    return is_header_value(value) || complain(name, "takes the address that the Location header names");
}

bool desk_orders_check(desk_orders *orders)
{
    if (orders->item_count && !orders->status) orders->status = 206;
    if (orders->item_count && orders->status != 206) return complain("--fail-items", "goes with --fail 206 alone");
    if (orders->status || (!orders->location && !orders->first)) return true;
    return complain(orders->location ? "--fail-location" : "--fail-first", "needs --fail or --fail-items");
}

const desk_orders *desk_orders_next(desk_orders *orders, bool is_track)
{
    bool concerns = orders->status && (is_track || !orders->item_count);
    if (!concerns || (orders->first && orders->seen >= orders->first)) return NULL;
    orders->seen++;
    return orders;
}

bool desk_orders_take(const desk_orders *orders)
{
    return !orders || orders->status < 300;
}

unsigned desk_orders_item_status(const desk_orders *orders, size_t index)
{
    return orders->item_count ? orders->items[index % orders->item_count] : 0;
}

desk_text desk_orders_words(unsigned status)
{
    switch (status) {
    case 206:
        return DESK_TEXT("Telemetry sampled out.");
    case 402:
    case 439:
        return DESK_TEXT("Exceeded daily quota");
    case 429:
        return DESK_TEXT("Too many requests");
    default:
        return DESK_TEXT("refused, as the desk was told by --fail-items");
    }
}
