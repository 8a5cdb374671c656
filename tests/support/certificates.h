/* Certificates for TLS tests, made anew in a directory of their own by the openssl command. */
#ifndef CERTIFICATES_H
#define CERTIFICATES_H
#include <stdbool.h>

/* ca.pem; server.pem/.key for localhost, 127.0.0.1 and ::1; elsewhere.pem/.key for another host; client.pem/.key;
 * expired.pem/.key: all signed by it; both.pem: the client's in one file; encrypted.key: the client's, encrypted;
 * other.pem: an authority that signed only stranger.pem/.key. Once a process, removed at exit. NULL: openssl failed. */
const char *certificates_directory(void);
/* Path of a file there; static, at most 32 of them. */
const char *certificates_path(const char *name);
/* Its text, to be freed. */
char *certificates_text(const char *name);
#endif
