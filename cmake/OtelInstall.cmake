# What is installed: libraries, headers, the CMake package, the pkg-config modules. All of it can be moved afterwards.
include(CMakePackageConfigHelpers)

set(OTEL_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/otel")
set(OTEL_PKGCONFIG_DIR "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH OTEL_PREFIX_FROM_PKGCONFIG "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" OTEL_PREFIX_FROM_PKGCONFIG "${OTEL_PREFIX_FROM_PKGCONFIG}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(OTEL_PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
else()
    set(OTEL_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(OTEL_PC_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
else()
    set(OTEL_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()

# The pkg-config names of components, as one comma-separated list.
function(otel_pkgconfig_names variable)
    set(names "")
    foreach(component IN LISTS ARGN)
        get_property(name GLOBAL PROPERTY OTEL_OUTPUT_${component})
        list(APPEND names "${name}")
    endforeach()
    list(JOIN names ", " joined)
    set(${variable} "${joined}" PARENT_SCOPE)
endfunction()

get_property(OTEL_COMPONENTS GLOBAL PROPERTY OTEL_COMPONENTS)
foreach(component IN LISTS OTEL_COMPONENTS)
    foreach(word TARGETS HEADERS OUTPUT DESCRIPTION PUBLIC PRIVATE PKGCONFIG LINK_FLAGS)
        get_property(OTEL_PC_${word} GLOBAL PROPERTY OTEL_${word}_${component})
    endforeach()
    install(TARGETS ${OTEL_PC_TARGETS} EXPORT otel-targets
            LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(DIRECTORY "${OTEL_PC_HEADERS}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
    otel_pkgconfig_names(OTEL_PC_REQUIRES ${OTEL_PC_PUBLIC})
    list(JOIN OTEL_PC_PKGCONFIG ", " others)
    if(others)
        string(APPEND OTEL_PC_REQUIRES ", ${others}")
    endif()
    otel_pkgconfig_names(OTEL_PC_REQUIRES_PRIVATE ${OTEL_PC_PRIVATE})
    list(JOIN OTEL_PC_LINK_FLAGS " " OTEL_PC_LIBS_PRIVATE)
    set(OTEL_PC_LIBS "")
    if(NOT OTEL_BUILD_SHARED) # nobody says --static where nothing else is there
        string(JOIN ", " OTEL_PC_REQUIRES ${OTEL_PC_REQUIRES} ${OTEL_PC_REQUIRES_PRIVATE})
        set(OTEL_PC_LIBS " ${OTEL_PC_LIBS_PRIVATE}")
        set(OTEL_PC_REQUIRES_PRIVATE "")
        set(OTEL_PC_LIBS_PRIVATE "")
    endif()
    configure_file("${OTEL_CMAKE_DIR}/otel.pc.in" "${PROJECT_BINARY_DIR}/pkgconfig/${OTEL_PC_OUTPUT}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/pkgconfig/${OTEL_PC_OUTPUT}.pc" DESTINATION "${OTEL_PKGCONFIG_DIR}")
endforeach()

# Manual pages of the public headers, from their comments.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(NOT Python3_FOUND)
    message(STATUS "otel: without manual pages of the headers, which would need Python 3 (Debian: python3)")
else()
    get_property(headers GLOBAL PROPERTY OTEL_HEADER_DIRECTORIES)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${headers})
    set(stamp "${PROJECT_BINARY_DIR}/man/stamp")
    add_custom_command(OUTPUT "${stamp}"
        COMMAND "${CMAKE_COMMAND}" -E rm -rf "${PROJECT_BINARY_DIR}/man/man3"
        COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/docs/man_pages.py" ${PROJECT_VERSION}
                "${PROJECT_BINARY_DIR}/man" ${headers}
        COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
        DEPENDS "${PROJECT_SOURCE_DIR}/docs/man_pages.py" ${sources} VERBATIM)
    add_custom_target(otel_man_pages ALL DEPENDS "${stamp}")
    install(DIRECTORY "${PROJECT_BINARY_DIR}/man/man3" DESTINATION "${CMAKE_INSTALL_MANDIR}")
endif()

install(EXPORT otel-targets NAMESPACE otel:: DESTINATION "${OTEL_PACKAGE_DIR}")
configure_package_config_file("${OTEL_CMAKE_DIR}/otel-config.cmake.in" "${PROJECT_BINARY_DIR}/otel-config.cmake"
                              INSTALL_DESTINATION "${OTEL_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/otel-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/otel-config.cmake" "${PROJECT_BINARY_DIR}/otel-config-version.cmake"
              "${OTEL_CMAKE_DIR}/OtelFindProtobufC.cmake" "${OTEL_CMAKE_DIR}/OtelFindCjson.cmake"
              "${OTEL_CMAKE_DIR}/OtelFindGlib.cmake"
        DESTINATION "${OTEL_PACKAGE_DIR}")

if(OTEL_TOP_LEVEL)
    add_custom_target(uninstall VERBATIM COMMAND "${CMAKE_COMMAND}"
        "-DMANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt" -P "${OTEL_CMAKE_DIR}/OtelUninstall.cmake")
endif()
