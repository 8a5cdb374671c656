/* Certificates for TLS tests, made anew in a directory of their own by the openssl command. */
#include "certificates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/otel-certificates-XXXXXX";
static bool made;
static pid_t maker;

static const char script[] =
    "set -e; cd %s; exec >/dev/null 2>&1\n"
    "key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "authority() { key $1; openssl req -x509 -new -key $1.key -subj /CN=$1 -days 2 -out $1.pem; }\n"
    "leaf() { key $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr; printf 'subjectAltName=%%s\\n' $2 "
    ">$1.ext\n"
    "  openssl x509 -req -in $1.csr -CA $3.pem -CAkey $3.key -CAcreateserial -days $4 -extfile $1.ext -out $1.pem; }\n"
    "authority ca; authority other\n"
    "leaf server DNS:localhost,IP:127.0.0.1,IP:::1 ca 2; leaf elsewhere DNS:elsewhere.invalid ca 2\n"
    "leaf client DNS:client ca 2; leaf stranger DNS:client other 2; leaf expired DNS:client ca -1\n"
    "cat client.pem client.key >both.pem\n"
    "openssl pkcs8 -topk8 -in client.key -passout pass:secret -out encrypted.key\n";

static void tidy(void)
{
    char command[128];
    if (getpid() != maker) return;
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (system(command) != 0) fprintf(stderr, "%s was left behind\n", directory);
}

const char *certificates_directory(void)
{
    char command[sizeof script + sizeof directory];
    if (made) return directory;
    if (!mkdtemp(directory)) return NULL;
    maker = getpid();
    atexit(tidy);
    snprintf(command, sizeof command, script, directory);
    made = system(command) == 0;
    return made ? directory : NULL;
}

/* Each name has its place for good: paths are kept in options for long. */
const char *certificates_path(const char *name)
{
    static char paths[32][64];
    const char *base = certificates_directory();
    char path[64];
    if (!base) return NULL;
    snprintf(path, sizeof path, "%s/%s", base, name);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!paths[i][0]) memcpy(paths[i], path, sizeof path);
        if (strcmp(paths[i], path) == 0) return paths[i];
    }
    return NULL;
}

char *certificates_text(const char *name)
{
    const char *path = certificates_path(name);
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) return NULL;
    char *text = calloc(1, 16384);
    size_t size = fread(text, 1, 16383, file);
    text[size] = '\0';
    fclose(file);
    return text;
}
