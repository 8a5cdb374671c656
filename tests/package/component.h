/* A library that is instrumented with the API alone. */
#ifndef COMPONENT_H
#define COMPONENT_H
#ifdef __cplusplus
extern "C" {
#endif
int component_work(int input);
#ifdef __cplusplus
}
#endif
#endif
