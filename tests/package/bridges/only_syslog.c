/* A program that only knows syslog(3). */
#include <syslog.h>

int main(void)
{
    openlog("only_syslog", LOG_PERROR, LOG_DAEMON);
    syslog(LOG_ERR, "it knows nothing");
    closelog();
    return 0;
}
