/* PEM files of every kind: what is wrong with one is said in words, and nothing is read beyond its end. The first byte
 * decides which kind. */
#include "pem.h"
#include <otel/sdk/diag.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(otel_severity severity, const char *text, void *user)
{
    (void)severity, (void)text, (void)user;
}

static void must(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const otel__pem_kind kinds[] = {OTEL__PEM_AUTHORITY, OTEL__PEM_CERTIFICATE, OTEL__PEM_KEY};
    char path[64];
    otel__pem pem = {0};
    if (size == 0) return 0;
    int file = memfd_create("pem", MFD_CLOEXEC);
    if (file < 0) return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    must(write(file, data + 1, size - 1) == (ssize_t)(size - 1));
    otel_diag_set_handler(ignore, NULL);
    must(otel__pem_open(&pem, kinds[data[0] % 3], path, "fuzz"));
    const char *fault = otel__pem_fault(&pem);
    must(!fault || strlen(fault) > 0);
    must(ftruncate(file, (off_t)(size / 2)) == 0);
    otel__pem_refresh(&pem);
    otel__pem_fault(&pem);
    otel__pem_close(&pem);
    close(file);
    return 0;
}
