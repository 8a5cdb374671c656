/* A program for syslog(3). With the other include its lines are records; nothing else of it changes, save that somebody
 * has to start and stop the SDK. */
#ifdef WITH_OTEL
#include <otel/bridges/syslog.h>
#include <otel/otel.h>
#else
#include <syslog.h>
#endif
#include <sys/statvfs.h>

static void check(const char *path)
{
    struct statvfs s;
    if (statvfs(path, &s)) {
        syslog(LOG_ERR, "statvfs failed for %s", path);
        return;
    }
    unsigned long percent = s.f_blocks ? (unsigned long)(s.f_bavail * 100 / s.f_blocks) : 100;
    syslog(percent < 10 ? LOG_WARNING : LOG_INFO, "%s has %lu %% free", path, percent);
}

int main(int count, char **paths)
{
#ifdef WITH_OTEL
    otel_start(&(otel_options){.service_name = "disk_check"});
#endif
    openlog("disk_check", LOG_PID, LOG_DAEMON);
    for (int i = 1; i < count; i++) check(paths[i]);
    closelog();
#ifdef WITH_OTEL
    otel_stop(5000);
#endif
    return 0;
}
