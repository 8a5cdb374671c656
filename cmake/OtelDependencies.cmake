# The third-party libraries that the chosen parts need.
find_package(Threads REQUIRED)
if(OTEL_BUILD_OTLP)
    # 7.87 is the first release with CURLOPT_QUICK_EXIT: without it a name look-up that hangs would hold up otel_stop.
    find_package(CURL 7.87 REQUIRED)
    find_package(ZLIB REQUIRED)
    include(cmake/OtelFindProtobufC.cmake)
    if(NOT TARGET otel::protobuf_c OR NOT OTEL_PROTOC_C)
        message(FATAL_ERROR "the OTLP exporter needs protobuf-c and its compiler protoc-c "
                            "(Debian: libprotobuf-c-dev protobuf-c-compiler), or -DOTEL_BUILD_OTLP=OFF")
    endif()
endif()
# For another machine or another libc pkg-config may answer with this machine's GLib: it must link, too.
if(OTEL_BUILD_BRIDGES AND NOT OTEL_BUILD_GLIB STREQUAL "OFF")
    include(cmake/OtelFindGlib.cmake)
    if(TARGET otel::glib)
        include(CheckCSourceCompiles)
        set(CMAKE_REQUIRED_LIBRARIES otel::glib)
        check_c_source_compiles("#include <glib.h>\nint main(void) { return glib_major_version != 2; }" OTEL_GLIB_LINKS)
        unset(CMAKE_REQUIRED_LIBRARIES)
    endif()
    if(NOT OTEL_GLIB_LINKS AND NOT OTEL_BUILD_GLIB STREQUAL "AUTO")
        message(FATAL_ERROR "the bridge from GLib needs GLib >= 2.50 (Debian: libglib2.0-dev pkg-config), "
                            "or -DOTEL_BUILD_GLIB=OFF")
    endif()
endif()
