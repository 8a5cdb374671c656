# Finds GLib, which brings no CMake package: target otel::glib. Installed, too: otel::bridge_glib needs the target.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND AND NOT TARGET otel::glib)
    pkg_check_modules(OTEL_GLIB QUIET glib-2.0>=2.50)
    if(OTEL_GLIB_FOUND)
        add_library(otel::glib INTERFACE IMPORTED)
        set_target_properties(otel::glib PROPERTIES
            INTERFACE_INCLUDE_DIRECTORIES "${OTEL_GLIB_INCLUDE_DIRS}"
            INTERFACE_LINK_LIBRARIES "${OTEL_GLIB_LINK_LIBRARIES}")
    endif()
endif()
