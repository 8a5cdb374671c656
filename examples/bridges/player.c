/* A GLib program: one line sends everything that it and its libraries log through GLib to the SDK. */
#define G_LOG_DOMAIN "player"
#define G_LOG_USE_STRUCTURED 1
#include <otel/bridges/glib.h>
#include <otel/otel.h>

int main(void)
{
    otel_start(&(otel_options){.service_name = "player"});
    g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);
    g_message("playing %s", "track 7");
    g_warning("the buffer is at %d %%", 3);
    g_log_structured("player-codec", G_LOG_LEVEL_INFO, "CODEC", "opus", "MESSAGE", "%d frames decoded", 960);
    otel_stop(5000);
    return 0;
}
