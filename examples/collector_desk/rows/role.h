/* Who logged, in the portal's words: cloud_RoleName and cloud_RoleInstance out of the resource. */
#ifndef DESK_ROLE_H
#define DESK_ROLE_H
#include "../otlp/otlp.h"

bool desk_role(desk_decoder *decoder, desk_origin *origin);
/* True for what a column shows already, and for what only describes the SDK. */
bool desk_role_attribute_is_told(const desk_origin *origin, const desk_attribute *attribute);
#endif
