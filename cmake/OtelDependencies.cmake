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
