# Linux: beside the sanitized addon, what exercises its portable parts. No other build has it.

# The helpers of the bindings, which only Windows' functions use.
add_library(helpers MODULE test/helpers_addon.cc)
make_addon(helpers)

# What is pure C++, as a program.
add_executable(unit test/unit.cc test/nul_list_test.cc test/secrets_test.cc test/utf8_test.cc)
target_include_directories(unit PRIVATE cpp)
target_include_directories(helpers PRIVATE cpp)
warn_and_harden(unit)
set_target_properties(unit PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
