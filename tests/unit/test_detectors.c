/* What the detectors host, os, process, service and container find, and the parsers of what they read. */
#include "container.h"
#include "platform/linux_process.h"
#include "platform/platform.h"
#include "resource/detector.h"
#include <otel/sdk/log_record.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char *text_of(const otel_resource *r, const char *key)
{
    static char text[4200];
    otel_value v;
    if (!otel_resource_get(r, key, &v) || v.type != OTEL_TYPE_STRING) return NULL;
    snprintf(text, sizeof text, "%.*s", (int)v.size, v.u.string);
    return text;
}

static bool follows_the_conventions(const otel_resource *r)
{
    otel_str url = otel_resource_schema_url(r);
    return url.size == strlen(OTEL_SEMCONV_SCHEMA_URL) && memcmp(url.data, OTEL_SEMCONV_SCHEMA_URL, url.size) == 0;
}

static void host(void **unused)
{
    (void)unused;
    char name[256];
    otel_resource *r = otel__detect_host();
    assert_int_equal(gethostname(name, sizeof name), 0);
    assert_string_equal(text_of(r, "host.name"), name);
#ifdef __x86_64__
    assert_string_equal(text_of(r, "host.arch"), "amd64");
#endif
    assert_true(follows_the_conventions(r));
    otel_resource_destroy(r);
}

static void machine_ids(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"",
                                      "uninitialized\n",
                                      "3d1219c7c4c5404aaa1f6d2a48adfda",
                                      "3d1219c7c4c5404aaa1f6d2a48adfda4a",
                                      "3d1219c7-c4c5-404a-aa1f-6d2a48adfda4",
                                      "3d1219c7c4c5404aaa1f6d2a48adfda4\nx",
                                      "00000000000000000000000000000000\n"};
    char id[33];
    assert_true(otel__machine_id("3d1219c7c4c5404aaa1f6d2a48adfda4\n", id));
    assert_string_equal(id, "3d1219c7c4c5404aaa1f6d2a48adfda4");
    assert_true(otel__machine_id("3d1219c7c4c5404aaa1f6d2a48adfda4", id));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel__machine_id(bad[i], id));
}

static void os(void **unused)
{
    (void)unused;
    otel_resource *r = otel__detect_os();
    assert_string_equal(text_of(r, "os.type"), "linux");
    if (access("/etc/os-release", R_OK) == 0) assert_non_null(text_of(r, "os.name"));
    assert_true(follows_the_conventions(r));
    otel_resource_destroy(r);
}

static void os_release_is_read_as_a_shell_would(void **unused)
{
    (void)unused;
    static const char text[] =
        "# NAME=comment\nXNAME=x\nNAME=\"Debian GNU/Linux\"\nVERSION_ID='12'\r\nBUILD_ID=rolling  \n"
        "PRETTY_NAME=\"a \\\"b\\\" \\$c\"\nOPEN=\"open\nEMPTY=\nNAME_2=x\nLAST=end";
    static const char *const expected[][2] = {{"NAME", "Debian GNU/Linux"},
                                              {"VERSION_ID", "12"},
                                              {"BUILD_ID", "rolling"},
                                              {"PRETTY_NAME", "a \"b\" $c"},
                                              {"OPEN", NULL},
                                              {"EMPTY", NULL},
                                              {"MISSING", NULL},
                                              {"LAST", "end"}};
    char out[32];
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(otel__os_release_get(text, expected[i][0], out, sizeof out), expected[i][1] != NULL);
        if (expected[i][1]) assert_string_equal(out, expected[i][1]);
    }
    assert_false(otel__os_release_get(text, "NAME", out, 16)); /* too long: nothing is cut */
    assert_true(otel__os_release_get(text, "NAME", out, 17));
}

/* A container may run as somebody whom nobody named. */
static bool has_a_name(uid_t id)
{
    bool found = false;
    FILE *file = fopen("/etc/passwd", "r");
    for (struct passwd *entry; file && !found && (entry = fgetpwent(file));) found = entry->pw_uid == id;
    if (file) fclose(file);
    return found;
}

static void process(void **unused)
{
    (void)unused;
    otel_value v;
    struct tm t = {0};
    otel_resource *r = otel__detect_process();
    assert_true(otel_resource_get(r, "process.pid", &v) && v.u.integer == getpid());
    assert_true(otel_resource_get(r, "process.parent_pid", &v) && v.u.integer == getppid());
    assert_string_equal(text_of(r, "process.executable.name"), "test_detectors");
    const char *path = text_of(r, "process.executable.path");
    assert_true(path[0] == '/' && strcmp(strrchr(path, '/'), "/test_detectors") == 0);
    assert_int_equal(otel_resource_get(r, "process.owner", &v), has_a_name(geteuid()));
    const char *since = text_of(r, "process.creation.time"), *end = strptime(since, "%Y-%m-%dT%H:%M:%S", &t);
    assert_true(end && end[0] == '.' && strlen(end) == 5 && end[4] == 'Z');
    double age = difftime(time(NULL), timegm(&t));
    assert_true(age >= -2 && age < 600); /* this process began a moment ago */
    assert_false(otel_resource_get(r, "process.command", &v));
    assert_true(follows_the_conventions(r));
    otel_resource_destroy(r);
}

static void process_command(void **unused)
{
    (void)unused;
    otel_value v, item;
    otel_resource *r = otel__detect_process_command();
    assert_non_null(strstr(text_of(r, "process.command"), "test_detectors"));
    assert_true(otel_resource_get(r, "process.command_args", &v) && v.type == OTEL_TYPE_ARRAY);
    otel_iter it = otel_value_items(&v);
    assert_true(otel_value_next(&it, &item) && strncmp(item.u.string, text_of(r, "process.command"), item.size) == 0);
    otel_resource_destroy(r);
}

static void arguments_are_split(void **unused)
{
    (void)unused;
    const char *found[3];
    assert_int_equal(otel__split_arguments("a\0\0-b", 6, found, 3), 3);
    assert_string_equal(found[0], "a");
    assert_string_equal(found[1], "");
    assert_string_equal(found[2], "-b");
    assert_int_equal(otel__split_arguments("a\0b\0c\0d", 8, found, 3), 3);
    assert_int_equal(otel__split_arguments("", 0, found, 3), 0);
}

static void users_are_found(void **unused)
{
    (void)unused;
    static const char text[] =
        "root:x:0:0:root:/root:/bin/sh\nbroken\n:x:7:7::/:\nempty::8:8::/:\nlong_long_name:x:9:9::/:\n"
        "odd:x:12a:1::/:\nsyncer:*:1000:100::/:/bin/sync\nlast:x:1001";
    char out[8];
    assert_true(otel__passwd_name(text, 0, out, sizeof out));
    assert_string_equal(out, "root");
    assert_true(otel__passwd_name(text, 8, out, sizeof out));
    assert_string_equal(out, "empty");
    assert_true(otel__passwd_name(text, 1000, out, sizeof out));
    assert_string_equal(out, "syncer");
    assert_false(otel__passwd_name(text, 7, out, sizeof out));
    assert_false(otel__passwd_name(text, 9, out, sizeof out)); /* too long */
    assert_false(otel__passwd_name(text, 12, out, sizeof out));
    assert_false(otel__passwd_name(text, 1001, out, sizeof out)); /* cut off */
    assert_false(otel__passwd_name("", 0, out, sizeof out));
}

static void start_times_are_found(void **unused)
{
    (void)unused;
    uint64_t ticks = 0;
    assert_true(otel__start_ticks("7 (a) b) S 1 7 7 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2", &ticks));
    assert_int_equal(ticks, 4711);
    assert_false(otel__start_ticks("7 (a) S 1 7 7 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0", &ticks));
    assert_false(otel__start_ticks("7 (a) S 1 7 7 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 x", &ticks));
    assert_false(otel__start_ticks("7 a S 1", &ticks));
    assert_false(otel__start_ticks("", &ticks));
}

/* xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx */
static bool is_uuid(const char *id)
{
    return id && strlen(id) == 36 && id[8] == '-' && id[13] == '-' && id[14] == '4' && id[18] == '-' &&
           strchr("89ab", id[19]) && id[23] == '-' && strspn(id, "0123456789abcdef-") == 36;
}

static void service(void **unused)
{
    (void)unused;
    char id[40];
    int status;
    otel_resource *r = otel__detect_service(), *again = otel__detect_service();
    assert_true(is_uuid(text_of(r, "service.instance.id")));
    strcpy(id, text_of(r, "service.instance.id"));
    assert_string_equal(text_of(again, "service.instance.id"), id);
    pid_t child = fork();
    if (child == 0) {
        otel_resource *of_child = otel__detect_service();
        const char *other = text_of(of_child, "service.instance.id");
        _exit(is_uuid(other) && strcmp(other, id) != 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    otel_resource_destroy(r);
    otel_resource_destroy(again);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SANDBOX "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void containers_by_control_group(void **unused)
{
    (void)unused;
    static const char *const good[] = {
        "4:memory:/docker/" ID "\n",
        "0::/system.slice/docker-" ID ".scope\n",
        "11:cpu:/kubepods/besteffort/pod8a5e/" ID,
        "1:name=systemd:/kubepods.slice/kubepods-pod8a5e.slice/cri-containerd-" ID ".scope",
        "0::/kubepods.slice/crio-" ID ".scope",
        "9:pids:/system.slice/containerd.service/kubepods-burstable-pod8a5e.slice:cri-containerd:" ID};
    static const char *const bad[] = {"0::/",
                                      "0::/user.slice/user-1000.slice/session-1.scope",
                                      "",
                                      "nonsense",
                                      "4:memory:/docker/" ID "0",
                                      "4:memory:/docker/x" ID,
                                      "4:memory:/docker/" ID "/",
                                      "0::/crio-conmon-" ID ".scope.d",
                                      "4:memory:/docker/0123456789ABCDEF"};
    char id[65];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(otel__container_of_cgroup(good[i], id));
        assert_string_equal(id, ID);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel__container_of_cgroup(bad[i], id));
}

static void containers_by_mounts(void **unused)
{
    (void)unused;
    static const char *const good[] = {
        "983 970 8:1 /var/lib/docker/containers/" ID "/hostname /etc/hostname rw - ext4 /dev/sda1 rw",
        "9 8 0:25 /containers/storage/overlay-containers/" ID "/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw",
        "9 8 0:25 /containers/containers/" ID "/hosts /etc/hosts rw - tmpfs tmpfs rw"};
    static const char *const bad[] = {
        "",
        "1 2 3",
        "1 2 3 4",
        "22 27 0:21 / /proc rw,relatime - proc proc rw",
        "9 8 8:1 /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/" SANDBOX "/hostname /etc/hostname rw",
        "9 8 8:1 /var/lib/docker/containers/" ID "/mounts/shm /var/lib/docker/x rw", /* a host that runs containers */
        "9 8 8:1 / /etc/docker/containers/" ID "/x rw",
        "9 8 8:1 /var/lib/docker/containers/" ID " x"};
    char id[65];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(otel__container_of_mount(good[i], id));
        assert_string_equal(id, ID);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel__container_of_mount(bad[i], id));
}

static void a_container_has_an_id_or_nothing(void **unused)
{
    (void)unused;
    otel_resource *r = otel__detect_container();
    const char *id = text_of(r, "container.id");
    assert_int_equal(otel_resource_count(r), id ? 1 : 0);
    assert_true(!id || strlen(id) == 64);
    assert_true(follows_the_conventions(r));
    otel_resource_destroy(r);
}

static void files_are_read_up_to_a_limit(void **unused)
{
    (void)unused;
    char out[8] = "xxxxxxx";
    assert_int_equal(otel__read_file("/dev/zero", out, sizeof out), 7);
    assert_int_equal(otel__read_file("/no/such/file", out, sizeof out), 0);
    assert_string_equal(out, "");
    assert_int_equal(otel__read_file("/", out, sizeof out), 0);
    assert_int_equal(otel__read_file("/proc/self/comm", out, sizeof out), 7);
    assert_string_equal(out, "test_de");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(host),
                                       cmocka_unit_test(machine_ids),
                                       cmocka_unit_test(os),
                                       cmocka_unit_test(os_release_is_read_as_a_shell_would),
                                       cmocka_unit_test(process),
                                       cmocka_unit_test(process_command),
                                       cmocka_unit_test(arguments_are_split),
                                       cmocka_unit_test(users_are_found),
                                       cmocka_unit_test(start_times_are_found),
                                       cmocka_unit_test(service),
                                       cmocka_unit_test(containers_by_control_group),
                                       cmocka_unit_test(containers_by_mounts),
                                       cmocka_unit_test(a_container_has_an_id_or_nothing),
                                       cmocka_unit_test(files_are_read_up_to_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
